/* Calls a linear of native.c (NATIVE) on one thread: KIND ROWS INPUTS OUTPUTS, KIND as native.c numbers it. Who counts
 * takes a difference. */
#include <stdlib.h>

#include NATIVE

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    const int64_t kind = atol(argv[1]), rows = atol(argv[2]), inputs = atol(argv[3]), outputs = atol(argv[4]);
    const int64_t stride = inputs + LANES;
    const linear l = {
        .weight = calloc(outputs * inputs, sizeof(float)), .scale = calloc(outputs, sizeof(float)),
        .correction = calloc(outputs, sizeof(int32_t)), .outputs = outputs, .inputs = inputs, .block = LANES,
        .kind = kind, .zero_point = 128,
    };
    const float *x = calloc(rows * inputs, sizeof(float));
    float *y = malloc(rows * outputs * sizeof(float));
    uint8_t *codes = malloc(rows * stride);
    if (kind == INT8) int8_rows(&l, x, inputs, NULL, codes, stride, y, rows, 1);
    else linear_rows(&l, NULL, x, y, 0, rows, 1);
    return 0;
}
