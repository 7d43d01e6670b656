/* Makes calls of Windows and prints the answers, for a test that compares them with those of the fake. A line of standard
   input is a call and its arguments; a line of output is the result, the error where it failed, and a text. What this
   Windows (or wine) does not implement is answered with "-". */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>

#define TEXT_LENGTH 32768

static WCHAR out[TEXT_LENGTH];

static void answer(long result, const WCHAR *text) {
  DWORD error = result ? 0 : GetLastError();
  /* Some calls of wine do nothing, without an error. */
  int without_reason = !result && !error;
  if (without_reason || error == ERROR_CALL_NOT_IMPLEMENTED || error == ERROR_NOT_SUPPORTED) printf("-\n");
  else printf("%ld %lu %ls\n", result, error, text);
}

static void sddl(const WCHAR *text) {
  PSECURITY_DESCRIPTOR descriptor = NULL;
  WCHAR *back = NULL;
  int done = ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &descriptor, NULL);
  if (!done || !ConvertSecurityDescriptorToStringSecurityDescriptorW(
                   descriptor, SDDL_REVISION_1,
                   OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
                       (wcsstr(text, L")S:") ? SACL_SECURITY_INFORMATION : 0),
                   &back, NULL))
    answer(0, L"");
  else
    answer(done, back);
}

static void describe(const WCHAR *file, const WCHAR *text) {
  PSECURITY_DESCRIPTOR descriptor = NULL;
  WCHAR *back = NULL;
  SECURITY_INFORMATION all = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
  HANDLE handle = CreateFileW(file, text ? WRITE_DAC : READ_CONTROL, 7, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  answer(handle != INVALID_HANDLE_VALUE, L"");
  if (handle == INVALID_HANDLE_VALUE) return;
  if (text) {
    answer(ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &descriptor, NULL), L"");
    answer(SetKernelObjectSecurity(handle, DACL_SECURITY_INFORMATION, descriptor), L"");
  } else {
    DWORD code = GetSecurityInfo(handle, SE_FILE_OBJECT, all, NULL, NULL, NULL, NULL, &descriptor);
    SetLastError(code);
    answer(code == 0, L"");
    int done = ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, all, &back, NULL);
    answer(done && back[0] == 'O' && wcsstr(back, L"G:") && wcsstr(back, L"D:"), L"");
  }
  LocalFree(descriptor);
  CloseHandle(handle);
}

static void pin(const WCHAR *directory) {
  WCHAR file[MAX_PATH];
  _snwprintf(file, MAX_PATH, L"%ls\\.keg-pin-1", directory);
  HANDLE handle = CreateFileW(file, DELETE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_NEW,
                              FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE, NULL);
  answer(handle != INVALID_HANDLE_VALUE, L"");
  int there = GetFileAttributesW(file) != INVALID_FILE_ATTRIBUTES;
  DWORD length = GetFinalPathNameByHandleW(handle, out, TEXT_LENGTH, 0);
  answer(length == wcslen(out), out);
  CloseHandle(handle);
  answer(there && GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES ? 1 : 2, L"");
}

static void make(const WCHAR *directory, const WCHAR *text) {
  SECURITY_ATTRIBUTES attributes = {sizeof attributes};
  ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL);
  answer(CreateDirectoryW(directory, &attributes), L"");
  LocalFree(attributes.lpSecurityDescriptor);
}

static void streams(const WCHAR *directory) {
  WIN32_FIND_STREAM_DATA data;
  HANDLE search = FindFirstStreamW(directory, FindStreamInfoStandard, &data, 0);
  answer(search != INVALID_HANDLE_VALUE, L"");
  FindClose(search);
}

static void changed(const WCHAR *file) {
  FILE_BASIC_INFO information = {0};
  HANDLE handle = CreateFileW(file, FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  answer(handle != INVALID_HANDLE_VALUE, L"");
  answer(GetFileInformationByHandleEx(handle, FileBasicInfo, &information, sizeof information) &&
             information.ChangeTime.QuadPart > 116444736000000000,
         L"");
  CloseHandle(handle);
}

static void lists(const WCHAR *root) {
  DWORD flags = 0;
  WCHAR system[64];
  int done = GetVolumeInformationW(root, NULL, 0, NULL, NULL, &flags, system, 64);
  answer(done, flags & FILE_PERSISTENT_ACLS ? L"lists" : L"no lists");
}

static void volumes(void) {
  HANDLE search = FindFirstVolumeW(out, TEXT_LENGTH);
  if (search == INVALID_HANDLE_VALUE) {
    answer(0, L"");
    return;
  }
  do answer(1, out);
  while (FindNextVolumeW(search, out, TEXT_LENGTH));
  answer(0, L"");
  answer(FindVolumeClose(search), L"");
}

static void reparse(const WCHAR *directory) {
  static char data[MAXIMUM_REPARSE_DATA_BUFFER_SIZE];
  DWORD got;
  HANDLE handle = CreateFileW(directory, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  answer(handle != INVALID_HANDLE_VALUE, L"");
  answer(DeviceIoControl(handle, FSCTL_GET_REPARSE_POINT, NULL, 0, data, sizeof data, &got, NULL), L"");
  CloseHandle(handle);
}

int main(void) {
  static WCHAR line[TEXT_LENGTH];
  while (fgetws(line, TEXT_LENGTH, stdin)) {
    WCHAR *word[4] = {wcstok(line, L"|\r\n")};
    for (int i = 1; i < 4; i++) word[i] = wcstok(NULL, L"|\r\n");
    out[0] = 0;
    SetLastError(0);
    if (!wcscmp(word[0], L"sddl")) sddl(word[1]);
    else if (!wcscmp(word[0], L"describe")) describe(word[1], word[2]);
    else if (!wcscmp(word[0], L"pin")) pin(word[1]);
    else if (!wcscmp(word[0], L"make")) make(word[1], word[2]);
    else if (!wcscmp(word[0], L"streams")) streams(word[1]);
    else if (!wcscmp(word[0], L"changed")) changed(word[1]);
    else if (!wcscmp(word[0], L"lists")) lists(word[1]);
    else if (!wcscmp(word[0], L"volumes")) volumes();
    else if (!wcscmp(word[0], L"reparse")) reparse(word[1]);
    else if (!wcscmp(word[0], L"name")) answer(GetVolumeNameForVolumeMountPointW(word[1], out, TEXT_LENGTH), L"");
    else if (!wcscmp(word[0], L"room")) {
      ULARGE_INTEGER free = {0};
      int done = GetDiskFreeSpaceExW(word[1], &free, NULL, NULL);
      answer(done, free.QuadPart ? L"room" : L"full");
    }
    else if (!wcscmp(word[0], L"names")) {
      DWORD needed;
      answer(GetVolumePathNamesForVolumeNameW(word[1], out, TEXT_LENGTH, &needed), L"");
    }
    else if (!wcscmp(word[0], L"mount")) answer(SetVolumeMountPointW(word[1], word[2]), L"");
    else if (!wcscmp(word[0], L"unmount")) answer(DeleteVolumeMountPointW(word[1]), L"");
    else if (!wcscmp(word[0], L"holding")) answer(GetVolumePathNameW(word[1], out, TEXT_LENGTH), out);
    else if (!wcscmp(word[0], L"define")) answer(DefineDosDeviceW(wcstol(word[1], NULL, 10), word[2], word[3]), L"");
    else if (!wcscmp(word[0], L"query")) answer(QueryDosDeviceW(word[1], out, TEXT_LENGTH), out);
  }
  return 0;
}
