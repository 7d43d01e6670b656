package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** {@code netapi32.dll}: mappings of shares, from {@code LMUse.h}. The functions return codes. */
public interface Netapi32 extends Library {
  /** Added to a level: the mapping is visible in all sessions and containers. */
  int USE_FLAG_GLOBAL_MAPPING = 0x10000;

  int USE_DISKDEV = 0;
  int USE_NOFORCE = 0;
  int USE_LOTS_OF_FORCE = 2;
  int CREATE_REQUIRE_CONNECTION_PRIVACY = 0x10;
  int CREATE_GLOBAL_MAPPING = 0x100;

  int NetUseAdd(
      @Nullable Pointer serverName,
      int levelFlags,
      USE_INFO_4 buffer,
      IntByReference parameterError);

  int NetUseDel(@Nullable Pointer serverName, Pointer useName, int forceLevelFlags);

  int NetUseGetInfo(
      @Nullable Pointer serverName, Pointer useName, int levelFlags, PointerByReference buffer);

  int NetApiBufferFree(Pointer buffer);

  int MAX_PREFERRED_LENGTH = -1;

  /** In a type of share, the bits of the kind; the others are flags. */
  int STYPE_MASK = 0xFF;

  int STYPE_DISKTREE = 0;
  int STYPE_SPECIAL = 0x80000000;

  /** The shares of a server; the buffer is an array of SHARE_INFO_1. */
  int NetShareEnum(
      Pointer serverName,
      int level,
      PointerByReference buffer,
      int preferredMaximumLength,
      IntByReference entriesRead,
      IntByReference totalEntries,
      IntByReference resumeHandle);

  /** From {@code lmshare.h}. */
  @FieldOrder({"shi1_netname", "shi1_type", "shi1_remark"})
  class SHARE_INFO_1 extends Structure {
    public @Nullable Pointer shi1_netname;
    public int shi1_type;
    public @Nullable Pointer shi1_remark;

    public SHARE_INFO_1() {}

    private SHARE_INFO_1(Pointer entry) {
      super(entry);
    }

    /** Reads one entry of an array. */
    public static SHARE_INFO_1 at(Pointer entry) {
      var share = new SHARE_INFO_1(entry);
      share.read();
      return share;
    }
  }

  /** USE_INFO_2, with the flags of USE_INFO_3 and an identity that stays empty. */
  @FieldOrder({
    "ui2_local",
    "ui2_remote",
    "ui2_password",
    "ui2_status",
    "ui2_asg_type",
    "ui2_refcount",
    "ui2_usecount",
    "ui2_username",
    "ui2_domainname",
    "ui3_flags",
    "ui4_auth_identity_length",
    "ui4_auth_identity"
  })
  class USE_INFO_4 extends Structure {
    public @Nullable Pointer ui2_local;
    public @Nullable Pointer ui2_remote;
    public @Nullable Pointer ui2_password;
    public int ui2_status;
    public int ui2_asg_type;
    public int ui2_refcount;
    public int ui2_usecount;
    public @Nullable Pointer ui2_username;
    public @Nullable Pointer ui2_domainname;
    // USE_INFO_3 is a structure of its own and so ends on a whole pointer.
    public long ui3_flags;
    public long ui4_auth_identity_length;
    public @Nullable Pointer ui4_auth_identity;
  }
}
