/* CANN's runtime on host memory: every stream is synchronous, every event has already happened. Only the names and
   prototypes are CANN's. Error numbers as in acl/acl_base.h. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { OK = 0, BAD_PARAM = 107000, BAD_DEVICE = 107001, NO_CONTEXT = 107002, NO_MEMORY = 207001, REFUSED = 161002 };
enum { HOST_TO_HOST, HOST_TO_DEVICE, DEVICE_TO_HOST, DEVICE_TO_DEVICE, KINDS };

int64_t fake_copies[KINDS]; /* how often each kind of copy was asked for; read by references.py */
int fake_capturing;         /* set by references.py while a graph is captured */
static int current = -1;    /* of the process: torch_npu's worker threads share it */

/* Whether FAKE_NPU_FAULTS names a fault. */
static int fault(const char *name) { const char *text = getenv("FAKE_NPU_FAULTS"); return text && strstr(text, name) != 0; }
static int sizes(void) { return getenv("FAKE_NPU_SIZES") != 0; } /* nothing is computed: memory is never touched */
static int count(void) { const char *text = getenv("FAKE_NPU_COUNT"); return text ? atoi(text) : 0; }
static size_t memory(void) { const char *text = getenv("FAKE_NPU_MEMORY"); return text ? strtoull(text, 0, 10) : (size_t)16 << 30; }

/* Python's, from the executable: the references register themselves before the first operator is called. */
extern int PyGILState_Ensure(void);
extern void PyGILState_Release(int);
extern void *PyImport_ImportModule(const char *);
extern void PyErr_Print(void);
int aclInit(const char *config) {
  int state = PyGILState_Ensure();
  int failed = PyImport_ImportModule("fake_cann.references") == NULL;
  if (failed) PyErr_Print();
  PyGILState_Release(state);
  return failed ? REFUSED : OK;
}
int aclFinalize(void) { return OK; }

int aclrtGetDeviceCount(uint32_t *devices) { *devices = count(); return OK; }
int aclrtSetDevice(int device) { if (device < 0 || device >= count()) return BAD_DEVICE; current = device; return OK; }
int aclrtGetDevice(int *device) { if (current < 0) return NO_CONTEXT; *device = current; return OK; }
int aclrtResetDevice(int device) { return OK; }
int aclrtGetCurrentContext(void **context) { static int one; *context = &one; return current < 0 ? NO_CONTEXT : OK; }
int aclrtGetPrimaryCtxState(int device, uint32_t *flags, int *active) { if (flags) *flags = 0; *active = device == current; return OK; }
int aclrtDeviceCanAccessPeer(int *can, int device, int peer) { *can = 1; return OK; }
int aclrtGetDeviceInfo(uint32_t device, int what, int64_t *value) { *value = 20; return OK; } /* AI cores */
int aclGetDeviceCapability(uint32_t device, int what, int64_t *value) { *value = 20; return OK; }
const char *aclrtGetSocName(void) { const char *text = getenv("FAKE_NPU_SOC"); return text ? text : "Ascend910B4"; }
const char *aclGetRecentErrMsg(void) { return "fake CANN"; }
const char *HcclGetErrorString(int error) { return "fake HCCL"; }

/* Fresh memory is not zero, as on a card; a tail of 64 bytes, since vector kernels may read past the end. */
int aclrtMalloc(void **memory, size_t size, int policy) {
  if (posix_memalign(memory, 512, size + 64)) return NO_MEMORY;
  if (!sizes()) memset(*memory, 0xA5, size);
  return OK;
}
int aclrtMallocAlign32(void **memory, size_t size, int policy) { return aclrtMalloc(memory, size, policy); }
int aclrtMallocHost(void **memory, size_t size) { return aclrtMalloc(memory, size, 0); }
int aclrtMallocHostWithCfg(void **memory, uint64_t size, void *config) { return aclrtMalloc(memory, size, 0); }
int aclrtFree(void *memory) { free(memory); return OK; }
int aclrtFreeHost(void *memory) { free(memory); return OK; }
int aclrtGetMemInfo(int which, size_t *free_bytes, size_t *total) { *free_bytes = *total = memory(); return OK; }

int aclrtMemcpy(void *to, size_t room, const void *from, size_t size, int kind) {
  if (size > room || kind < 0 || kind >= KINDS) return BAD_PARAM;
  if (fake_capturing) { fprintf(stderr, "[fake CANN] a copy of kind %d while a graph is captured\n", kind); return REFUSED; }
  __sync_fetch_and_add(&fake_copies[kind], 1);
  if (!sizes()) memmove(to, from, size);
  return OK;
}
int aclrtMemcpyAsync(void *to, size_t room, const void *from, size_t size, int kind, void *stream) {
  return aclrtMemcpy(to, room, from, size, kind);
}
/* What a thread may do while a graph is captured; torch_npu relaxes that for its own memory. */
enum { GLOBAL, THREAD_LOCAL, RELAXED };
static __thread int capture_mode = GLOBAL;
int aclmdlRICaptureThreadExchangeMode(int *mode) { int before = capture_mode; capture_mode = *mode; *mode = before; return OK; }
int aclrtMemset(void *to, size_t room, int value, size_t size) {
  if (size > room || (fake_capturing && capture_mode != RELAXED)) return BAD_PARAM;
  if (!sizes()) memset(to, value, size);
  return OK;
}
int aclrtMemsetAsync(void *to, size_t room, int value, size_t size, void *stream) { return aclrtMemset(to, room, value, size); }

static int object(void **made) { *made = calloc(1, 64); return OK; }
int aclrtCreateStream(void **stream) { return object(stream); }
int aclrtCreateStreamWithConfig(void **stream, uint32_t priority, uint32_t flags) { return object(stream); }
int aclrtStreamQuery(void *stream, int *status) { *status = 0; return OK; }
int aclrtStreamGetId(void *stream, int *id) { *id = 1; return OK; }
int aclrtGetStreamOverflowSwitch(void *stream, uint32_t *flag) { *flag = 0; return OK; }

/* An event holds the time at which it was recorded. */
int aclrtCreateEventExWithFlag(void **event, uint32_t flags) { return object(event); }
int aclrtCreateEventWithFlag(void **event, uint32_t flags) { return object(event); }
int aclrtRecordEvent(void *event, void *stream) { return clock_gettime(CLOCK_MONOTONIC, event) ? BAD_PARAM : OK; }
int aclrtQueryEventStatus(void *event, int *status) { *status = 1; return OK; }
int aclQueryEventRecordedStatus(void *event, int *status) { *status = 1; return OK; }
int aclrtQueryEventWaitStatus(void *event, int *status) { *status = 0; return OK; }
int aclrtEventElapsedTime(float *ms, void *start, void *end) {
  const struct timespec *a = start, *b = end;
  *ms = (b->tv_sec - a->tv_sec) * 1e3f + (b->tv_nsec - a->tv_nsec) * 1e-6f;
  return OK;
}

/* CANN's version of a package: the whole text, then its three numbers (acl/acl_rt.h, aclCANNPackageVersion). */
static const char *version(void) { const char *text = getenv("FAKE_CANN_VERSION"); return text ? text : "9.1.0"; }
int aclsysGetVersionStr(const char *package, char *to) { strcpy(to, version()); return OK; }
int aclsysGetCANNVersion(int package, char *to) {
  char *rest = strcpy(to, version());
  for (int at = 128; at <= 256; at += 64) { snprintf(to + at, 64, "%ld", strtol(rest, &rest, 10)); if (*rest) rest++; }
  return OK;
}
size_t aclGetCompileoptSize(int option) { return 256; }

/* 910B and A3. What is older has no inf and NaN, and compiles operators just in time (ACL_OP_JIT_COMPILE) until it is
   told not to: torch_npu then takes the older kind of operators (aclop) in place of aclnn. */
static int new(void) {
  const char *soc = aclrtGetSocName();
  return !strncmp(soc, "Ascend910_93", 12) || (!strncmp(soc, "Ascend910B", 10) && soc[10]);
}
enum { INF_NAN = 0, JIT_COMPILE = 10 };
int aclGetCannAttribute(int attribute, int *value) { *value = attribute == INF_NAN && new(); return OK; }
static int jit = -1;
int aclGetCompileopt(int option, char *to, size_t room) {
  memset(to, 0, room);
  strcpy(to, option == JIT_COMPILE && (jit < 0 ? !new() : jit) ? "enable" : "disable");
  return OK;
}
int aclSetCompileopt(int option, const char *value) {
  if (option == JIT_COMPILE && fault("jit")) return 500001; /* as where CANN lacks a Python package of its own */
  if (option == JIT_COMPILE) jit = !strcmp(value, "enable");
  return OK;
}

/* The profiler (acl/acl_prof.h): one at a time, started between aclprofInit and aclprofFinalize with a configuration of
   its own. Of the card nothing is recorded: there is no folder PROF_..., for which torch_npu would ask CANN's msprof. */
enum { PROF_ALREADY_RUN = 148046, PROF_NOT_RUN = 148047, UNSUPPORTED = 207000 };
static int prof_open, prof_runs;
int aclprofInit(const char *folder, size_t length) {
  if (fault("profiler")) return UNSUPPORTED;
  if (prof_open) return PROF_ALREADY_RUN;
  return folder && length && !access(folder, W_OK) ? prof_open = 1, OK : BAD_PARAM;
}
void *aclprofCreateConfig(uint32_t *devices, uint32_t count, int metrics, void *events, uint64_t kinds) {
  return count && devices && kinds ? calloc(1, 64) : NULL;
}
int aclprofDestroyConfig(void *config) { free(config); return OK; }
int aclprofSetConfig(int kind, const char *value, size_t length) { return prof_open ? OK : PROF_NOT_RUN; }
int aclprofWarmup(void *config) { return prof_open && config ? OK : PROF_NOT_RUN; }
int aclprofStart(void *config) { return prof_open && config && !prof_runs ? prof_runs = 1, OK : PROF_NOT_RUN; }
int aclprofStop(void *config) { return prof_runs && config ? prof_runs = 0, OK : PROF_NOT_RUN; }
int aclprofFinalize(void) { return prof_open && !prof_runs ? prof_open = 0, OK : PROF_NOT_RUN; }
int aclprofGetSupportedFeatures(size_t *size, void **features) { return UNSUPPORTED; }
int aclprofGetSupportedFeaturesV2(size_t *size, void **features) { return UNSUPPORTED; }

/* CANN's bounds-checked libc. */
int snprintf_s(char *to, size_t room, size_t most, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int written = vsnprintf(to, room, format, arguments);
  va_end(arguments);
  return written;
}
int vsnprintf_s(char *to, size_t room, size_t most, const char *format, va_list arguments) { return vsnprintf(to, room, format, arguments); }
int strcpy_s(char *to, size_t room, const char *from) { if (strlen(from) >= room) return 34; strcpy(to, from); return 0; }

/* Whatever build.py found no better body for. Not 207000, feature not supported, which torch_npu only warns of. */
int fake_unknown(const char *name) { fprintf(stderr, "[fake CANN] no reference for %s\n", name); return REFUSED; }
