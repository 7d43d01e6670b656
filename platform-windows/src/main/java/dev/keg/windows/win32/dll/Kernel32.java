package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code kernel32.dll}: files, devices, volumes and mount points. Functions that return 0 (or an
 * invalid handle) have set the last error.
 */
public interface Kernel32 extends Library {
  long INVALID_HANDLE_VALUE = -1;

  int GENERIC_READ = 0x80000000;
  int GENERIC_WRITE = 0x40000000;
  int FILE_SHARE_READ = 1;
  int FILE_SHARE_WRITE = 2;
  int FILE_SHARE_DELETE = 4;
  int DELETE = 0x00010000;
  int READ_CONTROL = 0x00020000;
  int WRITE_DAC = 0x00040000;
  int WRITE_OWNER = 0x00080000;
  int ACCESS_SYSTEM_SECURITY = 0x01000000;
  int FILE_READ_ATTRIBUTES = 0x80;
  int CREATE_NEW = 1;
  int CREATE_ALWAYS = 2;
  int OPEN_EXISTING = 3;
  int FILE_ATTRIBUTE_HIDDEN = 2;
  int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
  int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
  int FILE_FLAG_DELETE_ON_CLOSE = 0x04000000;
  int FILE_PERSISTENT_ACLS = 8;
  int FileBasicInfo = 0;
  int FileEndOfFileInfo = 6;
  int FindStreamInfoStandard = 0;
  int DDD_RAW_TARGET_PATH = 1;
  int DDD_REMOVE_DEFINITION = 2;
  int DDD_EXACT_MATCH_ON_REMOVE = 4;

  Pointer CreateFileW(
      Pointer fileName,
      int desiredAccess,
      int shareMode,
      @Nullable Pointer securityAttributes,
      int creationDisposition,
      int flagsAndAttributes,
      @Nullable Pointer templateFile);

  /** Fails if there is a file of this name. */
  int CreateDirectoryW(Pointer pathName, SECURITY_ATTRIBUTES securityAttributes);

  int CloseHandle(Pointer object);

  int FlushFileBuffers(Pointer file);

  int GetFileInformationByHandle(Pointer file, BY_HANDLE_FILE_INFORMATION information);

  int GetFileInformationByHandleEx(
      Pointer file, int informationClass, FILE_BASIC_INFO information, int size);

  /** Truncates or extends a file, with {@link #FileEndOfFileInfo} and the size. */
  int SetFileInformationByHandle(Pointer file, int informationClass, Pointer information, int size);

  /**
   * Returns the number of characters without the terminator, or with it if the buffer is too small.
   */
  int GetFinalPathNameByHandleW(Pointer file, Pointer path, int pathLength, int flags);

  /** Also deletes a stream of a file. */
  int DeleteFileW(Pointer fileName);

  /** With an {@link OVERLAPPED} that has the position, independent of other reads. */
  int ReadFile(
      Pointer file,
      Pointer buffer,
      int bytesToRead,
      IntByReference bytesRead,
      @Nullable Pointer overlapped);

  int WriteFile(
      Pointer file,
      Pointer buffer,
      int bytesToWrite,
      IntByReference bytesWritten,
      @Nullable Pointer overlapped);

  /** The first stream of a file is its content; a directory need not have any. */
  Pointer FindFirstStreamW(
      Pointer fileName, int informationLevel, WIN32_FIND_STREAM_DATA data, int flags);

  int FindNextStreamW(Pointer findStream, WIN32_FIND_STREAM_DATA data);

  int FindClose(Pointer findFile);

  int DeviceIoControl(
      Pointer device,
      int ioControlCode,
      @Nullable Pointer inBuffer,
      int inBufferSize,
      @Nullable Pointer outBuffer,
      int outBufferSize,
      IntByReference bytesReturned,
      @Nullable Pointer overlapped);

  Pointer FindFirstVolumeW(Pointer volumeName, int bufferLength);

  int FindNextVolumeW(Pointer findVolume, Pointer volumeName, int bufferLength);

  int FindVolumeClose(Pointer findVolume);

  int SetVolumeMountPointW(Pointer volumeMountPoint, Pointer volumeName);

  int DeleteVolumeMountPointW(Pointer volumeMountPoint);

  int GetVolumeNameForVolumeMountPointW(
      Pointer volumeMountPoint, Pointer volumeName, int bufferLength);

  /**
   * The letters and directories on which a volume is mounted, each with a backslash at its end; an
   * empty text follows the last one. The length is in characters.
   */
  int GetVolumePathNamesForVolumeNameW(
      Pointer volumeName, Pointer pathNames, int bufferLength, IntByReference returnLength);

  /** A letter in this session's name space. */
  int DefineDosDeviceW(int flags, Pointer deviceName, @Nullable Pointer targetPath);

  /**
   * Returns the number of characters; the result is several consecutive texts, the newest first.
   */
  int QueryDosDeviceW(Pointer deviceName, Pointer targetPath, int maximumCharacters);

  /** The mount point above a file, with a backslash at the end. */
  int GetVolumePathNameW(Pointer fileName, Pointer volumePathName, int bufferLength);

  /** In bytes; the latter two may be omitted. */
  int GetDiskFreeSpaceExW(
      Pointer directoryName,
      LongByReference freeBytesAvailableToCaller,
      @Nullable LongByReference totalBytes,
      @Nullable LongByReference totalFreeBytes);

  /** Any of the results may be omitted. */
  int GetVolumeInformationW(
      Pointer rootPathName,
      @Nullable Pointer volumeNameBuffer,
      int volumeNameSize,
      @Nullable IntByReference volumeSerialNumber,
      @Nullable IntByReference maximumComponentLength,
      @Nullable IntByReference fileSystemFlags,
      Pointer fileSystemNameBuffer,
      int fileSystemNameSize);

  /** A value that stands for this process and is not closed. */
  Pointer GetCurrentProcess();

  @Nullable Pointer LocalFree(Pointer memory);

  void Sleep(int milliseconds);

  /** {@code wtypesbase.h}. */
  @FieldOrder({"nLength", "lpSecurityDescriptor", "bInheritHandle"})
  class SECURITY_ATTRIBUTES extends Structure {
    public int nLength;
    public @Nullable Pointer lpSecurityDescriptor;
    public int bInheritHandle;
  }

  /** {@code fileapi.h}; 64-bit times and sizes are two halves each. */
  @FieldOrder({
    "dwFileAttributes",
    "ftCreationTime",
    "ftLastAccessTime",
    "ftLastWriteTime",
    "dwVolumeSerialNumber",
    "nFileSizeHigh",
    "nFileSizeLow",
    "nNumberOfLinks",
    "nFileIndexHigh",
    "nFileIndexLow"
  })
  class BY_HANDLE_FILE_INFORMATION extends Structure {
    public int dwFileAttributes;
    public int[] ftCreationTime = new int[2];
    public int[] ftLastAccessTime = new int[2];
    public int[] ftLastWriteTime = new int[2];
    public int dwVolumeSerialNumber;
    public int nFileSizeHigh;
    public int nFileSizeLow;
    public int nNumberOfLinks;
    public int nFileIndexHigh;
    public int nFileIndexLow;
  }

  /** {@code winbase.h}; times are counted in 100 ns since 1601. */
  @FieldOrder({"CreationTime", "LastAccessTime", "LastWriteTime", "ChangeTime", "FileAttributes"})
  class FILE_BASIC_INFO extends Structure {
    public long CreationTime;
    public long LastAccessTime;
    public long LastWriteTime;
    public long ChangeTime;
    public int FileAttributes;
  }

  /** {@code minwinbase.h}; for a file opened for synchronous access, only the offset matters. */
  @FieldOrder({"Internal", "InternalHigh", "Offset", "OffsetHigh", "hEvent"})
  class OVERLAPPED extends Structure {
    public long Internal;
    public long InternalHigh;
    public int Offset;
    public int OffsetHigh;
    public @Nullable Pointer hEvent;
  }

  /** {@code fileapi.h}; the name is a text of MAX_PATH + 36 characters. */
  @FieldOrder({"StreamSize", "cStreamName"})
  class WIN32_FIND_STREAM_DATA extends Structure {
    public long StreamSize;
    public short[] cStreamName = new short[296];
  }
}
