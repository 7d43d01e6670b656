/* Stand-ins for the libraries of Windows, built by a test into one library for Linux: each call
   writes down what arrived, by structures declared here from the documentation and not by JNA.
   Functions whose first text begins with "fail" fail with error 5. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint16_t wchar;
typedef struct { uint32_t a; uint16_t b, c; uint8_t d[8]; } guid;
typedef struct { uint32_t device; guid vendor; } storage_type;
typedef struct {
  int32_t version;
  struct {
    guid id;
    uint64_t size;
    uint32_t block, sector, physical_sector;
    const wchar *parent, *source;
    uint32_t open_flags;
    storage_type parent_type, source_type;
    guid resiliency;
  } __attribute__((aligned(8))) v2;
} create_parameters;
typedef struct { int32_t version; struct { int32_t info_only, read_only; guid resiliency; } v2; } open_parameters;
typedef struct { int32_t version; uint64_t offset, length; } attach_parameters;
typedef struct { int32_t version; uint64_t size; } expand_parameters;
typedef struct { int32_t version, reserved; } compact_parameters;
typedef struct { int32_t version; union { struct { uint64_t virtual, physical; uint32_t block, sector; } size; int32_t loaded; } u; } disk_info;
typedef struct { int32_t style; union { struct { guid id; uint32_t most; } gpt; } u; } create_disk;
typedef struct {
  int32_t style;
  int64_t start, length;
  uint32_t number;
  uint8_t rewrite;
  struct { guid type, id; uint64_t attributes; wchar name[36]; } gpt;
} partition;
typedef struct {
  int32_t style;
  uint32_t count;
  struct { guid id; int64_t start, length; uint32_t most; } gpt;
  partition entry[1];
} layout;
typedef struct { uint32_t version; uint8_t persist, reserved[3]; uint64_t attributes, mask; uint32_t rest[4]; } disk_attributes;
typedef struct { int32_t number; int64_t bytes; } growth;
typedef struct { uint32_t count; struct { uint32_t disk; int64_t start, length; } extent[1]; } extents;
typedef struct {
  struct { struct { wchar *local, *remote, *password; uint32_t status, type, references, uses; wchar *user, *domain; } u2; uint32_t flags; } u3;
  uint32_t identity_length;
  uint8_t *identity;
} use_info;
typedef struct { uint32_t attributes, times[6], serial, size_high, size_low, links, index_high, index_low; } file_information;

typedef struct { int64_t created, accessed, written, changed; uint32_t attributes; } basic_information;
typedef struct { int64_t size; wchar name[260 + 36]; } stream_data;
typedef struct { uint64_t internal, internal_high; uint32_t low, high; void *event; } overlapped_place;

typedef struct { uint32_t tag; uint16_t length, reserved, substitute_at, substitute_length, print_at, print_length; wchar names[1]; } reparse;

typedef struct { int64_t read, written, read_time, write_time, idle_time; uint32_t reads, writes, queue, splits; int64_t query_time; uint32_t number; wchar manager[8]; } performance;

static char log_text[65536];
static size_t log_length;

static void note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  log_length += vsnprintf(log_text + log_length, sizeof log_text - log_length, format, arguments);
  va_end(arguments);
}

const char *fake_log(void) {
  log_length = 0;
  return log_text;
}

/* Texts are UTF-16; characters outside ASCII are written as their number. */
static const char *text(const wchar *wide) {
  static char texts[4][512];
  static int next;
  char *out = texts[next++ % 4];
  size_t n = 0;
  if (!wide) return "-";
  for (; *wide && n < 500; wide++)
    n += *wide < 128 ? (size_t)sprintf(out + n, "%c", *wide) : (size_t)sprintf(out + n, "<%x>", *wide);
  out[n] = 0;
  return out;
}

static int wide(wchar *out, const char *in) {
  int n = 0;
  do out[n] = (unsigned char)in[n]; while (in[n++]);
  return n;
}

static char junction[256];
static int linked;

static int fails(const wchar *what) {
  if (strncmp(text(what), "fail", 4) != 0) return 0;
  errno = 5;
  return 1;
}

uint32_t CreateVirtualDisk(storage_type *type, const wchar *path, uint32_t mask, void *security, uint32_t flags,
                           uint32_t provider, create_parameters *p, void *overlapped, void **handle) {
  note("CreateVirtualDisk type %u %08x path %s mask %u security %p flags %u provider %u version %d size %llu block %u "
       "sector %u parent %s source %s open %u resiliency %08x overlapped %p\n",
       type->device, type->vendor.a, text(path), mask, security, flags, provider, p->version,
       (unsigned long long)p->v2.size, p->v2.block, p->v2.sector, text(p->v2.parent), text(p->v2.source),
       p->v2.open_flags, p->v2.resiliency.a, overlapped);
  *handle = (void *)0x1111;
  return fails(path) ? 0xC03A001A : 0;
}

uint32_t OpenVirtualDisk(storage_type *type, const wchar *path, uint32_t mask, uint32_t flags, open_parameters *p,
                         void **handle) {
  note("OpenVirtualDisk type %u path %s mask %u flags %u version %d info %d read-only %d\n", type->device, text(path),
       mask, flags, p->version, p->v2.info_only, p->v2.read_only);
  *handle = (void *)0x2222;
  return fails(path) ? 2 : 0;
}

uint32_t AttachVirtualDisk(void *disk, void *security, uint32_t flags, uint32_t provider, attach_parameters *p,
                           void *overlapped) {
  note("AttachVirtualDisk %p flags %u version %d offset %llu\n", disk, flags, p->version, (unsigned long long)p->offset);
  (void)security, (void)provider, (void)overlapped;
  return 0;
}

uint32_t DetachVirtualDisk(void *disk, uint32_t flags, uint32_t provider) {
  note("DetachVirtualDisk %p flags %u provider %u\n", disk, flags, provider);
  return 0;
}

uint32_t ExpandVirtualDisk(void *disk, uint32_t flags, expand_parameters *p, void *overlapped) {
  note("ExpandVirtualDisk %p flags %u version %d size %llu\n", disk, flags, p->version, (unsigned long long)p->size);
  (void)overlapped;
  return 0;
}

uint32_t CompactVirtualDisk(void *disk, uint32_t flags, compact_parameters *p, void *overlapped) {
  note("CompactVirtualDisk %p flags %u version %d\n", disk, flags, p->version);
  (void)overlapped;
  return 0;
}

uint32_t GetVirtualDiskInformation(void *disk, uint32_t *size, disk_info *info, uint32_t *used) {
  note("GetVirtualDiskInformation %p size %u version %d\n", disk, *size, info->version);
  (void)used;
  if (info->version == 1) {
    info->u.size.virtual = 5ULL << 40;
    info->u.size.physical = 7;
  } else {
    info->u.loaded = 1;
  }
  return 0;
}

uint32_t GetVirtualDiskPhysicalPath(void *disk, uint32_t *size, wchar *path) {
  note("GetVirtualDiskPhysicalPath %p size %u\n", disk, *size);
  wide(path, "\\\\.\\PhysicalDrive42");
  return 0;
}

void *CreateFileW(const wchar *name, uint32_t access, uint32_t share, void *security, uint32_t disposition,
                  uint32_t flags, void *pattern) {
  note("CreateFile %s access %08x share %u disposition %u flags %u\n", text(name), access, share, disposition, flags);
  (void)security, (void)pattern;
  return fails(name) ? (void *)-1 : (void *)0x3333;
}

int CloseHandle(void *handle) {
  note("CloseHandle %p\n", handle);
  return 1;
}

int FlushFileBuffers(void *handle) {
  note("FlushFileBuffers %p\n", handle);
  return 1;
}

int GetFileInformationByHandle(void *handle, file_information *information) {
  note("GetFileInformationByHandle %p\n", handle);
  information->links = 3;
  return 1;
}

int GetFileInformationByHandleEx(void *handle, int class, basic_information *information, uint32_t size) {
  note("GetFileInformationByHandleEx %p %d %u\n", handle, class, size);
  /* A second and 100 nanoseconds after 1970. */
  information->changed = 116444736010000001;
  return 1;
}

static long long place(const overlapped_place *overlapped) {
  return overlapped == NULL ? -1 : (long long)overlapped->high << 32 | overlapped->low;
}

int ReadFile(void *handle, char *buffer, uint32_t length, uint32_t *read, const overlapped_place *overlapped) {
  note("ReadFile %p %u at %lld\n", handle, length, place(overlapped));
  *read = length < 3 ? length : 3;
  memcpy(buffer, "abc", *read);
  return 1;
}

int WriteFile(void *handle, const char *buffer, uint32_t length, uint32_t *written,
              const overlapped_place *overlapped) {
  note("WriteFile %p %.*s at %lld\n", handle, (int)length, buffer, place(overlapped));
  *written = length < 4 ? length : 4;
  return 1;
}

int SetFileInformationByHandle(void *handle, int what, const int64_t *size, uint32_t length) {
  note("SetFileInformationByHandle %p %d %lld %u\n", handle, what, (long long)*size, length);
  return 1;
}

int DeleteFileW(const wchar *name) {
  note("DeleteFile %s\n", text(name));
  return !fails(name);
}

uint32_t GetFinalPathNameByHandleW(void *handle, wchar *path, uint32_t length, uint32_t flags) {
  note("GetFinalPathNameByHandle %p %u %u\n", handle, length, flags);
  wide(path, "\\\\?\\/real/data");
  return 14;
}

int32_t CreateBindLink(const wchar *path, const wchar *directory, int flags, uint32_t count, void *exceptions) {
  note("CreateBindLink %s %s %d %u %p\n", text(path), text(directory), flags, count, exceptions);
  return fails(path) ? 0x80070005 : 0;
}

int32_t RemoveBindLink(const wchar *path) {
  note("RemoveBindLink %s\n", text(path));
  return fails(path) ? 0x80070005 : strcmp(text(path), "gone") == 0 ? 0x80070490 : 0;
}

void *FindFirstStreamW(const wchar *file, int level, stream_data *data, uint32_t flags) {
  note("FindFirstStream %s %d %u\n", text(file), level, flags);
  data->size = 1000;
  wide(data->name, "::$DATA");
  errno = 38;
  return strncmp(text(file), "fail", 4) == 0 ? (void *)-1 : (void *)0x4545;
}

int FindNextStreamW(void *search, stream_data *data) {
  static int found;
  note("FindNextStream %p\n", search);
  data->size = 5;
  wide(data->name, ":note:$DATA");
  errno = 38;
  return found ^= 1;
}

int FindClose(void *search) {
  note("FindClose %p\n", search);
  return 1;
}

int DeviceIoControl(void *device, uint32_t code, void *in, uint32_t in_size, void *out, uint32_t out_size,
                    uint32_t *returned, void *overlapped) {
  note("DeviceIoControl %p %08x in %u out %u", device, code, in_size, out_size);
  (void)overlapped;
  *returned = out_size;
  if (code == 0x7c0f4) {
    disk_attributes *a = in;
    note(" size %u attributes %llu mask %llu", a->version, (unsigned long long)a->attributes, (unsigned long long)a->mask);
  } else if (code == 0x7c058) {
    create_disk *d = in;
    note(" style %d most %u", d->style, d->u.gpt.most);
  } else if (code == 0x7c054) {
    layout *l = in;
    note(" style %d count %u usable %lld %lld partition %d %lld %lld number %u type %08x attributes %llx", l->style,
         l->count, (long long)l->gpt.start, (long long)l->gpt.length, l->entry[0].style, (long long)l->entry[0].start,
         (long long)l->entry[0].length, l->entry[0].number, l->entry[0].gpt.type.a,
         (unsigned long long)l->entry[0].gpt.attributes);
  } else if (code == 0x7c0d0) {
    growth *g = in;
    note(" number %d bytes %lld", g->number, (long long)g->bytes);
  } else if (code == 0x7405c) {
    *(int64_t *)out = 64LL << 20;
  } else if (code == 0x70050) {
    /* Windows' own partition, then that of the data. */
    partition *p = (partition *)((char *)out + offsetof(layout, entry));
    ((layout *)out)->style = 1;
    ((layout *)out)->count = 2;
    p[0] = (partition){1, 17408, 1031168, 1, 0, {{0xE3C9E316, 0x0B5C, 0x4DB8, {0x81, 0x7D, 0xF9, 0x2D, 0xF0, 0x02, 0x15, 0xAE}}, {0}, 0, {0}}};
    p[1] = (partition){1, 1 << 20, 30LL << 20, 2, 0, {{0xEBD0A0A2, 0xB9E5, 0x4433, {0x87, 0xC0, 0x68, 0xB6, 0xB7, 0x26, 0x99, 0xC7}}, {0}, 0, {0}}};
  } else if (code == 0x700a0) {
    ((uint32_t *)out)[5] = 4096;
  } else if (code == 0x560000) {
    extents *e = out;
    e->count = 1;
    e->extent[0].disk = 42;
    e->extent[0].start = 1 << 20;
    e->extent[0].length = 30LL << 20;
  } else if (code == 0x70020) {
    *(performance *)out = (performance){5, 6, 10000, 20000, 100000, UINT32_MAX, 7, 0, 0, 1000000, 42, {0}};
  } else if (code == 0x9c280) {
    note(" checksum %u flags %u", ((uint16_t *)in)[0], ((uint32_t *)in)[1]);
  } else if (code == 0x900a4 || code == 0x900ac) {
    reparse *r = in;
    note(" tag %08x length %u", r->tag, r->length);
    if (r->length)
      note(" at %u %u %s, at %u %u %s", r->substitute_at, r->substitute_length, text(r->names + r->substitute_at / 2),
           r->print_at, r->print_length, text(r->names + r->print_at / 2));
    memcpy(junction, in, in_size);
    linked = code == 0x900a4;
  } else if (code == 0x900a8) {
    note("\n");
    memcpy(out, junction, sizeof junction);
    errno = 0x1126;
    return linked;
  } else if (code == 0x900f0) {
    note(" sectors %lld", (long long)*(int64_t *)in);
  }
  note("\n");
  return 1;
}

void *FindFirstVolumeW(wchar *name, uint32_t length) {
  note("FindFirstVolume %u\n", length);
  wide(name, "\\\\?\\Volume{1}\\");
  return (void *)0x4444;
}

int FindNextVolumeW(void *search, wchar *name, uint32_t length) {
  note("FindNextVolume %p\n", search);
  (void)name, (void)length;
  errno = 18;
  return 0;
}

int GetDiskFreeSpaceExW(const wchar *directory, uint64_t *available, uint64_t *total, uint64_t *free) {
  note("GetDiskFreeSpaceEx %s %d %d\n", text(directory), total != NULL, free != NULL);
  *available = 5ULL << 40;
  return 1;
}

int GetVolumePathNamesForVolumeNameW(const wchar *volume, wchar *names, uint32_t length, uint32_t *needed) {
  note("GetVolumePathNamesForVolumeName %s %u\n", text(volume), length);
  *needed = 40000;
  if (length < *needed) {
    errno = 234;
    return 0;
  }
  wide(names, "C:\\data\\");
  wide(names + 9, "X:\\");
  names[13] = 0;
  return 1;
}

int FindVolumeClose(void *search) {
  note("FindVolumeClose %p\n", search);
  return 1;
}

int SetVolumeMountPointW(const wchar *point, const wchar *name) {
  note("SetVolumeMountPoint %s %s\n", text(point), text(name));
  return 1;
}

int DeleteVolumeMountPointW(const wchar *point) {
  note("DeleteVolumeMountPoint %s\n", text(point));
  return 1;
}

int GetVolumeNameForVolumeMountPointW(const wchar *point, wchar *name, uint32_t length) {
  note("GetVolumeNameForVolumeMountPoint %s %u\n", text(point), length);
  (void)name;
  errno = 0x1126;
  return 0;
}

int DefineDosDeviceW(uint32_t flags, const wchar *device, const wchar *target) {
  note("DefineDosDevice %u %s %s\n", flags, text(device), text(target));
  return 1;
}

uint32_t QueryDosDeviceW(const wchar *device, wchar *target, uint32_t length) {
  note("QueryDosDevice %s %u\n", text(device), length);
  return wide(target, "\\??\\C:\\data");
}

int GetVolumePathNameW(const wchar *file, wchar *root, uint32_t length) {
  note("GetVolumePathName %s %u\n", text(file), length);
  wide(root, "/data\\");
  return 1;
}

int GetVolumeInformationW(const wchar *root, wchar *name, uint32_t name_length, uint32_t *serial, uint32_t *component,
                          uint32_t *flags, wchar *system, uint32_t length) {
  note("GetVolumeInformation %s %p %u %p %p %p length %u\n", text(root), (void *)name, name_length, (void *)serial,
       (void *)component, (void *)flags, length);
  wide(system, "NTFS");
  return 1;
}

void *LocalFree(void *memory) {
  note("LocalFree %s\n", memory == (void *)0x9999 ? "descriptor" : text(memory));
  return 0;
}

void Sleep(uint32_t milliseconds) {
  note("Sleep %u\n", milliseconds);
}

void FormatEx(const wchar *root, uint32_t media, const wchar *format, const wchar *label, uint8_t quick,
              uint32_t cluster, uint8_t (*callback)(int32_t, uint32_t, void *)) {
  uint32_t percent = 50;
  uint8_t done = 1;
  note("FormatEx %s media %u %s label %s quick %u cluster %u\n", text(root), media, text(format), text(label), quick,
       cluster);
  note("went on: %u\n", callback(0, 0, &percent));
  callback(0xB, 0, &done);
}

uint32_t NetUseAdd(const wchar *server, uint32_t level, use_info *use, uint32_t *parameter) {
  note("NetUseAdd %s level %08x remote %s password %s type %u user %s domain %s flags %u identity %u %p\n", text(server),
       level, text(use->u3.u2.remote), text(use->u3.u2.password), use->u3.u2.type, text(use->u3.u2.user),
       text(use->u3.u2.domain), use->u3.flags, use->identity_length, (void *)use->identity);
  *parameter = 0;
  return 0;
}

uint32_t NetUseDel(const wchar *server, const wchar *name, uint32_t force) {
  note("NetUseDel %s %s %08x\n", text(server), text(name), force);
  return 0;
}

uint32_t NetUseGetInfo(const wchar *server, const wchar *name, uint32_t level, void **buffer) {
  note("NetUseGetInfo %s %s %08x\n", text(server), text(name), level);
  *buffer = (void *)0x5555;
  return 0;
}

uint32_t NetApiBufferFree(void *buffer) {
  note("NetApiBufferFree %p\n", buffer);
  return 0;
}

void *HcsCreateOperation(void *context, void *callback) {
  note("HcsCreateOperation %p %p\n", context, callback);
  return (void *)0x6666;
}

void HcsCloseOperation(void *operation) {
  note("HcsCloseOperation %p\n", operation);
}

int32_t HcsOpenComputeSystem(const wchar *id, uint32_t access, void **system) {
  note("HcsOpenComputeSystem %s %08x\n", text(id), access);
  *system = (void *)0x7777;
  return fails(id) ? (int32_t)0x8037010E : 0;
}

void HcsCloseComputeSystem(void *system) {
  note("HcsCloseComputeSystem %p\n", system);
}

int32_t HcsModifyComputeSystem(void *system, void *operation, const wchar *json, void *identity) {
  note("HcsModifyComputeSystem %p %p %s %p\n", system, operation, text(json), identity);
  return 0;
}

static int asked_for_properties;

int32_t HcsGetComputeSystemProperties(void *system, void *operation, const wchar *query) {
  note("HcsGetComputeSystemProperties %p %p %s\n", system, operation, text(query));
  asked_for_properties = 1;
  return 0;
}

int32_t HcsWaitForOperationResult(void *operation, uint32_t milliseconds, wchar **result) {
  note("HcsWaitForOperationResult %p %u\n", operation, milliseconds);
  static wchar answer[128];
  wide(answer, asked_for_properties ? "{\"SystemType\":\"Container\",\"RuntimeId\":\"8E1A\",\"State\":\"Stopped\"}"
                                    : "{\"ErrorMessage\":\"told so\"}");
  asked_for_properties = 0;
  *result = answer;
  return milliseconds == 60000 ? 0 : 1;
}

int32_t HcsGrantVmAccess(const wchar *id, const wchar *path) {
  note("HcsGrantVmAccess %s %s\n", text(id), text(path));
  return 0;
}

int32_t HcsRevokeVmAccess(const wchar *id, const wchar *path) {
  note("HcsRevokeVmAccess %s %s\n", text(id), text(path));
  return 0;
}

int ConvertStringSecurityDescriptorToSecurityDescriptorW(const wchar *sddl, uint32_t revision, void **descriptor,
                                                         uint32_t *size) {
  note("ConvertStringSecurityDescriptor %s %u %p\n", text(sddl), revision, (void *)size);
  *descriptor = (void *)0x9999;
  return 1;
}

int ConvertSecurityDescriptorToStringSecurityDescriptorW(void *descriptor, uint32_t revision, uint32_t information,
                                                         wchar **sddl, uint32_t *length) {
  static wchar words[64];
  note("ConvertSecurityDescriptorToString %p %u %u %p\n", descriptor, revision, information, (void *)length);
  wide(words, "O:BAG:SYD:AI(A;ID;FA;;;SY)");
  *sddl = words;
  return 1;
}

uint32_t GetSecurityInfo(void *handle, int type, uint32_t information, void *owner, void *group, void *dacl, void *sacl,
                         void **descriptor) {
  note("GetSecurityInfo %p %d %u %p %p %p %p\n", handle, type, information, owner, group, dacl, sacl);
  *descriptor = (void *)0x9999;
  return 0;
}

int SetKernelObjectSecurity(void *handle, uint32_t information, void *descriptor) {
  note("SetKernelObjectSecurity %p %u %p\n", handle, information, descriptor);
  return 1;
}

int GetSecurityDescriptorDacl(void *descriptor, int *present, void **dacl, int *defaulted) {
  note("GetSecurityDescriptorDacl %p\n", descriptor);
  *present = 1;
  *defaulted = 0;
  *dacl = (void *)0xaaaa;
  return 1;
}

int GetSecurityDescriptorOwner(void *descriptor, void **owner, int *defaulted) {
  note("GetSecurityDescriptorOwner %p\n", descriptor);
  *defaulted = 0;
  *owner = (void *)0xcccc;
  return 1;
}

int LookupAccountNameW(const wchar *system, const wchar *name, void *sid, uint32_t *bytes, wchar *domain,
                       uint32_t *characters, int *use) {
  note("LookupAccountName %s %s %u %u\n", text(system), text(name), *bytes, *characters);
  wchar *copy = sid;
  while ((*copy++ = *name++)) {}
  domain[0] = 0;
  *use = 1;
  return 1;
}

int ConvertSidToStringSidW(void *sid, wchar **out) {
  static wchar answer[64];
  char name[64] = "S-1-5-";
  note("ConvertSidToStringSid %s\n", text(sid));
  strcat(name, text(sid));
  wide(answer, name);
  *out = answer;
  return 1;
}

typedef struct { uint32_t count; struct { struct { uint32_t low; int32_t high; } luid; uint32_t attributes; } privilege[1]; } privileges;

typedef struct { int64_t boot, now, zone; uint32_t zone_id, reserved; uint64_t boot_bias, sleep_bias; } times;

int32_t NtQuerySystemInformation(int class, times *t, uint32_t length, uint32_t *returned) {
  note("NtQuerySystemInformation %d %u %p\n", class, length, (void *)returned);
  t->boot = 0x1db000000000123;
  t->boot_bias = 0x23;
  return 0;
}

void *GetCurrentProcess(void) {
  return (void *)-1;
}

int OpenProcessToken(void *process, uint32_t access, void **token) {
  note("OpenProcessToken %lld %08x\n", (long long)(intptr_t)process, access);
  *token = (void *)0xbbbb;
  return 1;
}

int LookupPrivilegeValueW(const wchar *system, const wchar *name, int64_t *luid) {
  note("LookupPrivilegeValue %s %s\n", text(system), text(name));
  *luid = 0x200000007;
  return 1;
}

int AdjustTokenPrivileges(void *token, int disable, privileges *p, uint32_t length, void *before, uint32_t *needed) {
  note("AdjustTokenPrivileges %p %d count %u luid %u %d attributes %u %u %p %p\n", token, disable, p->count,
       p->privilege[0].luid.low, p->privilege[0].luid.high, p->privilege[0].attributes, length, before, (void *)needed);
  errno = 0;
  return 1;
}

uint32_t SetNamedSecurityInfoW(const wchar *name, int type, uint32_t information, void *owner, void *group, void *dacl,
                               void *sacl) {
  note("SetNamedSecurityInfo %s %d %08x %p %p %p %p\n", text(name), type, information, owner, group, dacl, sacl);
  return 0;
}

/* COM: an object is a pointer to the table of its methods. */
typedef struct { void **methods; const char *name; } object;
typedef struct { uint16_t type, reserved[3]; union { int32_t number; wchar *string; } u; uint64_t rest; } variant;

wchar *SysAllocStringLen(const wchar *from, uint32_t length) {
  uint32_t *memory = calloc(1, 4 + 2 * (length + 1));
  memory[0] = 2 * length;
  memcpy(memory + 1, from, 2 * length);
  return (wchar *)(memory + 1);
}

uint32_t SysStringLen(wchar *bstr) { return ((uint32_t *)bstr)[-1] / 2; }

void SysFreeString(wchar *bstr) {
  note("SysFreeString %u '%s'\n", SysStringLen(bstr), SysStringLen(bstr) ? text(bstr) : "");
  free((uint32_t *)bstr - 1);
}

int VariantClear(variant *v) {
  note("VariantClear %d\n", v->type);
  if (v->type == 8) SysFreeString(v->u.string);
  return 0;
}

static object locator, services, class, signature, input, output;

static uint32_t release(object *o) {
  note("Release %s\n", o->name);
  return 0;
}

static int connect_server(object *o, wchar *name, void *user, void *password, void *locale, int flags, void *authority, void *context, object **result) {
  note("%s.ConnectServer %s %p %p %p %d %p %p\n", o->name, text(name), user, password, locale, flags, authority, context);
  *result = &services;
  return 0;
}

static int get_object(object *o, wchar *path, int flags, void *context, object **result, void *call) {
  note("%s.GetObject %s %d %p %p\n", o->name, text(path), flags, context, call);
  *result = &class;
  return 0;
}

static int get_method(object *o, const wchar *name, int flags, object **in, object **out) {
  note("%s.GetMethod %s %d %p\n", o->name, text(name), flags, (void *)out);
  *in = &signature;
  return 0;
}

static int spawn_instance(object *o, int flags, object **result) {
  note("%s.SpawnInstance %d\n", o->name, flags);
  *result = &input;
  return 0;
}

static int put(object *o, const wchar *name, int flags, variant *v, int type) {
  note("%s.Put %s %d ", o->name, text(name), flags);
  if (v->type == 8) note("text %u %s", SysStringLen(v->u.string), text(v->u.string));
  else note("type %d %d", v->type, v->u.number);
  note(" %d\n", type);
  return 0;
}

static int exec_method(object *o, wchar *path, wchar *method, int flags, void *context, object *in, object **result, void *call) {
  note("%s.ExecMethod %s %s %d %p %s %p\n", o->name, text(path), text(method), flags, context, in ? in->name : "-", call);
  *result = &output;
  return strstr(text(path), "{none}") ? (int)0x80041002 : 0;
}

static int get(object *o, const wchar *name, int flags, variant *v, void *type, void *flavour) {
  note("%s.Get %s %d %p %p\n", o->name, text(name), flags, type, flavour);
  if (strcmp(text(name), "ReturnValue") == 0 || strcmp(text(name), "ProtectionStatus") == 0) {
    v->type = 3;
    v->u.number = text(name)[0] == 'P';
  } else {
    wchar id[8];
    v->type = 8;
    v->u.string = SysAllocStringLen(id, wide(id, "{id}") - 1);
  }
  return 0;
}

static void *locator_methods[] = {0, 0, release, connect_server};
static void *services_methods[] = {[2] = release, [6] = get_object, [24] = exec_method};
static void *class_methods[] = {[2] = release, [4] = get, [5] = put, [15] = spawn_instance, [19] = get_method};
static object locator = {locator_methods, "locator"}, services = {services_methods, "services"}, class = {class_methods, "class"},
              signature = {class_methods, "signature"}, input = {class_methods, "input"}, output = {class_methods, "output"};

int CoInitializeEx(void *reserved, int mode) {
  note("CoInitializeEx %p %d\n", reserved, mode);
  return 0;
}

void CoUninitialize(void) { note("CoUninitialize\n"); }

int CoCreateInstance(guid *type, void *outer, int context, guid *interface, object **result) {
  note("CoCreateInstance %08x %p %d %08x\n", type->a, outer, context, interface->a);
  *result = &locator;
  return 0;
}

int CoSetProxyBlanket(object *proxy, int authentication, int authorization, void *server, int level, int impersonation, void *info, int capabilities) {
  note("CoSetProxyBlanket %s %d %d %p %d %d %p %d\n", proxy->name, authentication, authorization, server, level, impersonation, info, capabilities);
  return 0;
}
