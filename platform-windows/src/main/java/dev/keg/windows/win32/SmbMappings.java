package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.Netapi32.USE_INFO_4;
import java.util.Optional;

/**
 * Global mappings of SMB shares, which all sessions and containers see until the next boot. A share
 * has at most one.
 */
public final class SmbMappings {
  private final Dlls dlls;

  public SmbMappings(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Maps a share. Without credentials, the current user connects. */
  public void map(String share, Optional<SmbCredentials> credentials, boolean privacy)
      throws Win32Exception {
    var use = new USE_INFO_4();
    use.ui2_remote = Wide.of(share);
    use.ui2_asg_type = Netapi32.USE_DISKDEV;
    use.ui3_flags =
        Netapi32.CREATE_GLOBAL_MAPPING | (privacy ? Netapi32.CREATE_REQUIRE_CONNECTION_PRIVACY : 0);
    Optional<Memory> password = credentials.map(who -> Wide.of(who.password()));
    try {
      password.ifPresent(memory -> use.ui2_password = memory);
      credentials.ifPresent(who -> use.ui2_username = Wide.of(who.user()));
      credentials
          .flatMap(SmbCredentials::domain)
          .ifPresent(domain -> use.ui2_domainname = Wide.of(domain));
      check(
          "NetUseAdd",
          share,
          dlls.netapi32()
              .NetUseAdd(null, 4 | Netapi32.USE_FLAG_GLOBAL_MAPPING, use, new IntByReference()));
    } finally {
      password.ifPresent(Memory::clear);
    }
  }

  public boolean mapped(String share) throws Win32Exception {
    var buffer = new PointerByReference();
    int code =
        dlls.netapi32()
            .NetUseGetInfo(null, Wide.of(share), 2 | Netapi32.USE_FLAG_GLOBAL_MAPPING, buffer);
    return switch (code) {
      case Win32Error.SUCCESS -> {
        dlls.netapi32().NetApiBufferFree(buffer.getValue());
        yield true;
      }
      case Win32Error.NERR_USE_NOT_FOUND, Win32Error.NOT_FOUND -> false;
      default -> throw new Win32Exception("NetUseGetInfo", share, code);
    };
  }

  /** Removes a mapping. Fails while files on the share are open. */
  public void unmap(String share) throws Win32Exception {
    unmap(share, Netapi32.USE_NOFORCE);
  }

  /** Closes the files that are open on the share and removes the mapping. */
  public void unmapByForce(String share) throws Win32Exception {
    unmap(share, Netapi32.USE_LOTS_OF_FORCE);
  }

  private void unmap(String share, int force) throws Win32Exception {
    check(
        "NetUseDel",
        share,
        dlls.netapi32().NetUseDel(null, Wide.of(share), force | Netapi32.USE_FLAG_GLOBAL_MAPPING));
  }

  private static void check(String call, String share, int code) throws Win32Exception {
    if (code != Win32Error.SUCCESS) {
      throw new Win32Exception(call, share, code);
    }
  }
}
