/* Calls int8_linear of neon.c (NEON) on one thread: ROWS INPUTS OUTPUTS CALLS. Who counts takes a difference. */
#include <stdlib.h>

#include NEON

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    const int64_t rows = atol(argv[1]), inputs = atol(argv[2]), outputs = atol(argv[3]), width = padded(inputs);
    const linear l = {
        .weight = calloc(padded(outputs), width), .scale = calloc(padded(outputs), sizeof(float)),
        .bias = calloc(padded(outputs), sizeof(int32_t)), .outputs = outputs, .inputs = inputs,
    };
    const float *x = calloc(rows * inputs, sizeof(float));
    float *scales = malloc(rows * sizeof(float)), *y = malloc(rows * outputs * sizeof(float));
    int8_t *q = malloc(rows * width);
    for (int64_t call = 0; call < atol(argv[4]); call++) int8_linear(&l, x, NULL, rows, q, scales, y, 1);
    return 0;
}
