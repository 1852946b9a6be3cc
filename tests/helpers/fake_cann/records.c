/* aclTensor, aclScalar and the arrays: plain records, read by references.py (Tensor and Array there). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ANY = -1, ND = 2, NZ = 29, REFUSED = 161002 };
typedef struct { int64_t magic, dtype, format, offset, dims_count, storage_count, dims[25], strides[25], storage[25]; void *data; } Tensor;
typedef struct { int64_t magic, count, dtype; void *items; } Array;

void *aclCreateTensor(const int64_t *dims, uint64_t count, int dtype, const int64_t *strides, int64_t offset, int format,
                      const int64_t *storage, uint64_t storage_count, void *data) {
  Tensor *made = calloc(1, sizeof *made);
  *made = (Tensor){.magic = 0x7e4507, .dtype = dtype, .format = format, .offset = offset, .dims_count = count, .storage_count = storage_count, .data = data};
  memcpy(made->dims, dims, count * 8);
  if (strides) memcpy(made->strides, strides, count * 8);
  memcpy(made->storage, storage, storage_count * 8);
  return made;
}
int aclDestroyTensor(void *tensor) { free(tensor); return 0; }

static Array *array(int64_t count, size_t size, const void *items, int64_t dtype) {
  Array *made = calloc(1, sizeof *made);
  *made = (Array){.magic = 0xa44a, .count = count, .dtype = dtype, .items = malloc(count * size + 8)};
  memcpy(made->items, items, count * size);
  return made;
}
static size_t size_of(int dtype) { /* aclDataType's numbers */
  switch (dtype) {
    case 2: case 4: case 12: return 1;
    case 1: case 6: case 7: case 27: return 2;
    case 9: case 10: case 11: case 16: return 8;
    case 17: return 16;
    default: return 4;
  }
}
void *aclCreateScalar(void *value, int dtype) { return array(1, size_of(dtype), value, dtype); }
void *aclCreateIntArray(const int64_t *items, uint64_t count) { return array(count, 8, items, 9); }
void *aclCreateFloatArray(const float *items, uint64_t count) { return array(count, 4, items, 0); }
void *aclCreateBoolArray(const unsigned char *items, uint64_t count) { return array(count, 1, items, 12); }
void *aclCreateTensorList(void *const *items, uint64_t count) { return array(count, 8, items, ANY); }
void *aclCreateScalarList(void *const *items, uint64_t count) { return array(count, 8, items, ANY); }

int aclDestroyScalar(void *array) {
  if (array) { free(((Array *)array)->items); free(array); }
  return 0;
}
int aclDestroyIntArray(void *array) { return aclDestroyScalar(array); }
int aclDestroyFloatArray(void *array) { return aclDestroyScalar(array); }
int aclDestroyBoolArray(void *array) { return aclDestroyScalar(array); }
static int destroy_list(Array *list, int (*destroy)(void *)) {
  for (int64_t k = 0; list && k < list->count; k++) destroy(((void **)list->items)[k]);
  return aclDestroyScalar(list);
}
int aclDestroyTensorList(void *list) { return destroy_list(list, aclDestroyTensor); }
int aclDestroyScalarList(void *list) { return destroy_list(list, aclDestroyScalar); }
int aclDestroyAclOpExecutor(void *executor) { return 0; }

/* The older operators' (aclop): what describes a tensor, and where it is. */
typedef struct { int64_t dtype, format, storage_format, dims_count, storage_count, dims[25], storage[25]; } Description;
typedef struct { void *data; int64_t size; } Buffer;
void *aclCreateTensorDesc(int dtype, int count, const int64_t *dims, int format) {
  Description *made = calloc(1, sizeof *made);
  *made = (Description){.dtype = dtype, .format = format, .storage_format = format, .dims_count = count, .storage_count = count};
  memcpy(made->dims, dims, count * 8);
  memcpy(made->storage, dims, count * 8);
  return made;
}
int aclSetTensorFormat(Description *description, int format) { description->storage_format = format; return 0; }
int aclSetTensorShape(Description *description, int count, const int64_t *dims) {
  description->storage_count = count;
  memcpy(description->storage, dims, count * 8);
  return 0;
}
void aclDestroyTensorDesc(void *description) { free(description); }
void *aclCreateDataBuffer(void *data, size_t size) {
  Buffer *made = malloc(sizeof *made);
  *made = (Buffer){data, size};
  return made;
}
int aclDestroyDataBuffer(void *buffer) { free(buffer); return 0; }
void *aclopCreateAttr(void) { return calloc(1, 8); }
void aclopDestroyAttr(void *attributes) { free(attributes); }

/* The storage of a tensor in another format. torch_npu frees the shape with delete[], so it comes from new[]. */
extern void *_Znam(size_t);
int aclnnNpuFormatCastCalculateSizeAndFormat(const Tensor *from, int format, int dtype, int64_t **shape, uint64_t *count, int *actual) {
  *actual = format;
  if (format == ND || format == 0) {
    *shape = memcpy(_Znam(from->dims_count * 8 + 8), from->dims, from->dims_count * 8);
    *count = from->dims_count;
    return 0;
  }
  if (format != NZ || from->dims_count != 2) return REFUSED;
  int64_t width = 32 / size_of(dtype >= 0 ? dtype : from->dtype); /* [columns/width, rows/16, 16, width], 32 bytes a row */
  int64_t blocks[4] = {(from->dims[1] + width - 1) / width, (from->dims[0] + 15) / 16, 16, width};
  *shape = memcpy(_Znam(32), blocks, 32);
  *count = 4;
  return 0;
}
