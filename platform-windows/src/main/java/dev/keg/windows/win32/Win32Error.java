package dev.keg.windows.win32;

/** Error codes and HRESULTs, from {@code winerror.h} and {@code lmerr.h}, in words. */
public final class Win32Error {
  public static final int SUCCESS = 0;
  public static final int INVALID_FUNCTION = 0x1;
  public static final int FILE_NOT_FOUND = 0x2;
  public static final int PATH_NOT_FOUND = 0x3;
  public static final int ACCESS_DENIED = 0x5;
  public static final int INVALID_HANDLE = 0x6;
  public static final int NO_MORE_FILES = 0x12;
  public static final int OUTOFMEMORY = 0xE;
  public static final int WRITE_PROTECT = 0x13;
  public static final int NOT_READY = 0x15;
  public static final int CRC = 0x17;
  public static final int SHARING_VIOLATION = 0x20;
  public static final int LOCK_VIOLATION = 0x21;
  public static final int GEN_FAILURE = 0x1F;
  public static final int HANDLE_EOF = 0x26;
  public static final int HANDLE_DISK_FULL = 0x27;
  public static final int NOT_SUPPORTED = 0x32;
  public static final int BAD_NETPATH = 0x35;
  public static final int FILE_EXISTS = 0x50;
  public static final int INVALID_PASSWORD = 0x56;
  public static final int INVALID_PARAMETER = 0x57;
  public static final int DISK_FULL = 0x70;
  public static final int INSUFFICIENT_BUFFER = 0x7A;
  public static final int INVALID_NAME = 0x7B;
  public static final int MOD_NOT_FOUND = 0x7E;
  public static final int DIR_NOT_EMPTY = 0x91;
  public static final int BUSY = 0xAA;
  public static final int ALREADY_EXISTS = 0xB7;
  public static final int FILENAME_EXCED_RANGE = 0xCE;
  public static final int MORE_DATA = 0xEA;
  public static final int DIRECTORY = 0x10B;
  public static final int NOT_A_REPARSE_POINT = 0x1126;
  public static final int REPARSE_TAG_MISMATCH = 0x112A;
  public static final int NOT_FOUND = 0x490;
  public static final int IO_DEVICE = 0x45D;
  public static final int DISK_QUOTA_EXCEEDED = 0x50F;
  public static final int NOT_ALL_ASSIGNED = 0x514;
  public static final int INVALID_OWNER = 0x51B;
  public static final int PRIVILEGE_NOT_HELD = 0x522;
  public static final int INVALID_SECURITY_DESCR = 0x53A;
  public static final int LOGON_FAILURE = 0x52E;
  public static final int ACCOUNT_RESTRICTION = 0x52F;
  public static final int PASSWORD_EXPIRED = 0x532;
  public static final int ACCOUNT_DISABLED = 0x533;
  public static final int NONE_MAPPED = 0x534;
  public static final int FILE_CORRUPT = 0x570;
  public static final int DISK_CORRUPT = 0x571;
  public static final int UNRECOGNIZED_VOLUME = 0x3ED;
  public static final int TIMEOUT = 0x5B4;
  public static final int BAD_NET_NAME = 0x43;
  public static final int NETNAME_DELETED = 0x40;
  public static final int SESSION_CREDENTIAL_CONFLICT = 0x4C3;
  public static final int CONNECTION_REFUSED = 0x4C9;
  public static final int NETWORK_UNREACHABLE = 0x4CF;
  public static final int HOST_UNREACHABLE = 0x4D0;
  public static final int PASSWORD_MUST_CHANGE = 0x773;
  public static final int ACCOUNT_LOCKED_OUT = 0x775;
  public static final int ALREADY_ASSIGNED = 0x55;
  public static final int RPC_S_SERVER_UNAVAILABLE = 1722;
  public static final int NERR_USE_NOT_FOUND = 2250;
  public static final int NERR_OPEN_FILES = 2401;

  public static final int VHD_FORMAT_UNKNOWN = 0xC03A0004;
  public static final int VHD_UNSUPPORTED_VERSION = 0xC03A0005;
  public static final int VHD_BLOCK_TABLE_CORRUPT = 0xC03A000A;
  public static final int VHD_PARENT_NOT_FOUND = 0xC03A000D;
  public static final int VHD_PARENT_ID_MISMATCH = 0xC03A000E;
  public static final int VHD_PARENT_TIMESTAMP_MISMATCH = 0xC03A000F;
  public static final int VHD_INVALID_SIZE = 0xC03A0012;
  public static final int VHD_INVALID_FILE_SIZE = 0xC03A0013;
  public static final int VIRTDISK_PROVIDER_NOT_FOUND = 0xC03A0014;
  public static final int VIRTDISK_NOT_VIRTUAL_DISK = 0xC03A0015;
  public static final int VHD_PARENT_ACCESS_DENIED = 0xC03A0016;
  public static final int VHD_PARENT_SIZE_MISMATCH = 0xC03A0017;
  public static final int VHD_CHAIN_CYCLE = 0xC03A0018;
  public static final int VHD_CHAIN_ERROR_IN_PARENT = 0xC03A0019;
  public static final int VIRTUAL_DISK_LIMITATION = 0xC03A001A;
  public static final int VHD_INVALID_TYPE = 0xC03A001B;
  public static final int VHD_INVALID_STATE = 0xC03A001C;
  public static final int VIRTDISK_UNSUPPORTED_SECTOR_SIZE = 0xC03A001D;
  public static final int VIRTDISK_ALREADY_OWNED = 0xC03A001E;
  public static final int VIRTDISK_ONLINE_AND_WRITABLE = 0xC03A001F;
  public static final int VHD_RESIZE_WOULD_TRUNCATE = 0xC03A0025;
  public static final int VHD_SHARED = 0xC05CFF0A;

  public static final int HCS_INVALID_STATE = 0x80370105;
  public static final int HCS_INVALID_JSON = 0x8037010D;
  public static final int HCS_SYSTEM_NOT_FOUND = 0x8037010E;
  public static final int HCS_SYSTEM_ALREADY_STOPPED = 0x80370110;
  public static final int HCS_SERVICE_NOT_AVAILABLE = 0x80370114;
  public static final int HCS_OPERATION_TIMEOUT = 0x80370118;
  public static final int HCS_ACCESS_DENIED = 0x8037011B;

  public static final int FVE_E_LOCKED_VOLUME = 0x80310000;
  public static final int FVE_E_PROTECTION_DISABLED = 0x80310021;
  public static final int FVE_E_FAILED_AUTHENTICATION = 0x80310027;
  public static final int FVE_E_POLICY_PASSWORD_REQUIRED = 0x8031002C;
  public static final int FVE_E_PROTECTOR_NOT_FOUND = 0x80310033;
  public static final int FVE_E_POLICY_PASSPHRASE_NOT_ALLOWED = 0x8031006A;
  public static final int FVE_E_FIPS_PREVENTS_PASSPHRASE = 0x8031006C;
  public static final int FVE_E_VOLUME_TOO_SMALL = 0x8031006F;
  public static final int FVE_E_POLICY_INVALID_PASSPHRASE_LENGTH = 0x80310080;
  public static final int FVE_E_POLICY_PASSPHRASE_TOO_SIMPLE = 0x80310081;

  public static final int WBEM_E_NOT_FOUND = 0x80041002;
  public static final int WBEM_E_ACCESS_DENIED = 0x80041003;
  public static final int WBEM_E_INVALID_NAMESPACE = 0x8004100E;
  public static final int WBEM_E_INVALID_CLASS = 0x80041010;

  /** An HRESULT that carries a Win32 code: {@code 0x8007xxxx}. */
  private static final int FACILITY_WIN32 = 0x80070000;

  private Win32Error() {}

  /** The Win32 code that an HRESULT carries, or else the code itself. */
  public static int plain(int code) {
    return (code & 0xFFFF0000) == FACILITY_WIN32 ? code & 0xFFFF : code;
  }

  /** Whether there is no space for what was written, or none for this user. */
  public static boolean isFull(int code) {
    return code == DISK_FULL || code == HANDLE_DISK_FULL || code == DISK_QUOTA_EXCEEDED;
  }

  /** The message of a code; an unknown code is shown as a number. */
  public static String message(int code) {
    int plain = plain(code);
    return switch (plain) {
      case INVALID_FUNCTION -> "not possible on this device";
      case FILE_NOT_FOUND, PATH_NOT_FOUND -> "no such file or directory";
      case ACCESS_DENIED, HCS_ACCESS_DENIED, WBEM_E_ACCESS_DENIED -> "access denied";
      case OUTOFMEMORY -> "out of memory";
      case INVALID_HANDLE -> "invalid handle";
      case WRITE_PROTECT -> "write protected";
      case NOT_READY -> "the device is not ready";
      case SHARING_VIOLATION, LOCK_VIOLATION, BUSY -> "in use by another program";
      case GEN_FAILURE -> "Windows gives no reason";
      case NOT_SUPPORTED -> "not supported";
      case CRC, IO_DEVICE -> "the device reports an error";
      case FILE_CORRUPT, DISK_CORRUPT -> "the file system is damaged";
      case DIRECTORY -> "not a directory";
      case INVALID_NAME -> "Windows does not allow such a name";
      case FILENAME_EXCED_RANGE -> "the path is too long";
      case FILE_EXISTS, ALREADY_EXISTS -> "file exists";
      case INVALID_PARAMETER -> "invalid parameter";
      case DISK_FULL, HANDLE_DISK_FULL -> "no space left on the disk";
      case DISK_QUOTA_EXCEEDED -> "the disk quota of this user is used up";
      case MOD_NOT_FOUND -> "this version of Windows lacks it";
      case DIR_NOT_EMPTY -> "directory not empty";
      case NOT_A_REPARSE_POINT -> "nothing is mounted there";
      case REPARSE_TAG_MISMATCH -> "something else is mounted there";
      case NOT_FOUND -> "not found";
      case INVALID_OWNER -> "this account cannot become the owner";
      case PRIVILEGE_NOT_HELD -> "a required privilege is not held";
      case INVALID_SECURITY_DESCR -> "users other than administrators own it or may write to it";
      case NONE_MAPPED -> "no such user or group";
      case UNRECOGNIZED_VOLUME -> "no known file system";
      case TIMEOUT, HCS_OPERATION_TIMEOUT -> "timed out";
      default -> networkMessage(plain);
    };
  }

  private static String networkMessage(int code) {
    return switch (code) {
      case BAD_NETPATH -> "the server was not found";
      case RPC_S_SERVER_UNAVAILABLE, CONNECTION_REFUSED -> "the server does not answer";
      case NETWORK_UNREACHABLE, HOST_UNREACHABLE -> "the server cannot be reached";
      case NETNAME_DELETED -> "the server ended the connection";
      case BAD_NET_NAME -> "the server has no such share";
      case LOGON_FAILURE, INVALID_PASSWORD -> "the user name or password is wrong";
      case ACCOUNT_RESTRICTION ->
          "the server does not let this account in, or not without password";
      case ACCOUNT_DISABLED, ACCOUNT_LOCKED_OUT -> "the account is disabled or locked";
      case PASSWORD_EXPIRED, PASSWORD_MUST_CHANGE -> "the password has expired";
      case SESSION_CREDENTIAL_CONFLICT -> "this machine already uses the server as another user";
      case ALREADY_ASSIGNED -> "already mapped";
      case NERR_USE_NOT_FOUND -> "not mapped";
      case NERR_OPEN_FILES -> "files are open";
      default -> diskMessage(code);
    };
  }

  private static String encryptionMessage(int code) {
    return switch (code) {
      case FVE_E_LOCKED_VOLUME -> "it is encrypted and locked";
      case FVE_E_PROTECTION_DISABLED -> "BitLocker does not protect it";
      case FVE_E_FAILED_AUTHENTICATION -> "wrong key";
      case FVE_E_PROTECTOR_NOT_FOUND -> "it has no pass phrase";
      case FVE_E_POLICY_PASSWORD_REQUIRED -> "a policy requires a recovery key";
      case FVE_E_POLICY_PASSPHRASE_NOT_ALLOWED, FVE_E_FIPS_PREVENTS_PASSPHRASE ->
          "a policy of this Windows does not allow pass phrases";
      case FVE_E_VOLUME_TOO_SMALL -> "the disk is too small to be encrypted";
      case FVE_E_POLICY_INVALID_PASSPHRASE_LENGTH -> "the pass phrase is too short or too long";
      case FVE_E_POLICY_PASSPHRASE_TOO_SIMPLE -> "the pass phrase is too simple";
      case WBEM_E_INVALID_NAMESPACE, WBEM_E_INVALID_CLASS -> "this Windows has no BitLocker";
      case WBEM_E_NOT_FOUND -> "BitLocker cannot encrypt this volume";
      default -> "error 0x" + Integer.toHexString(code);
    };
  }

  private static String diskMessage(int code) {
    return switch (code) {
      case VHD_FORMAT_UNKNOWN, VIRTDISK_NOT_VIRTUAL_DISK -> "not a virtual disk";
      case VHD_UNSUPPORTED_VERSION -> "a virtual disk of an unknown version";
      case VHD_BLOCK_TABLE_CORRUPT -> "the virtual disk is damaged";
      case VHD_PARENT_NOT_FOUND -> "its parent is missing";
      case VHD_PARENT_ID_MISMATCH, VHD_PARENT_TIMESTAMP_MISMATCH ->
          "its parent was replaced or written";
      case VHD_INVALID_SIZE, VHD_INVALID_FILE_SIZE -> "invalid size";
      case VIRTDISK_PROVIDER_NOT_FOUND -> "this Windows has no provider for such disks";
      case VHD_PARENT_ACCESS_DENIED -> "access to its parent is denied";
      case VHD_PARENT_SIZE_MISMATCH -> "its parent has another size";
      case VHD_CHAIN_CYCLE -> "its parents form a cycle";
      case VHD_CHAIN_ERROR_IN_PARENT -> "one of its parents cannot be opened";
      case VIRTUAL_DISK_LIMITATION -> "its file is sparse, compressed or encrypted";
      case VHD_INVALID_TYPE -> "not possible for this type of disk";
      case VHD_INVALID_STATE -> "not possible in this state of the disk";
      case VIRTDISK_UNSUPPORTED_SECTOR_SIZE -> "unsupported sector size";
      case VIRTDISK_ALREADY_OWNED, VHD_SHARED -> "the disk is in use elsewhere";
      case VIRTDISK_ONLINE_AND_WRITABLE -> "the disk is online and writable";
      case VHD_RESIZE_WOULD_TRUNCATE -> "data would be cut off";
      case HCS_INVALID_STATE -> "the machine is in the wrong state for it";
      case HCS_INVALID_JSON -> "the service rejected the request as invalid";
      case HCS_SYSTEM_NOT_FOUND -> "no such machine or container";
      case HCS_SYSTEM_ALREADY_STOPPED -> "the machine is stopped";
      case HCS_SERVICE_NOT_AVAILABLE -> "the service is not running";
      default -> encryptionMessage(code);
    };
  }
}
