package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.Netapi32.SHARE_INFO_1;
import dev.keg.windows.win32.dll.Netapi32.USE_INFO_4;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SMB shares: those that a server offers, and global mappings, which all sessions and containers
 * see until the next boot. A share has at most one mapping.
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
    use.ui2_remote = WideString.of(share);
    use.ui2_asg_type = Netapi32.USE_DISKDEV;
    use.ui3_flags =
        Netapi32.CREATE_GLOBAL_MAPPING | (privacy ? Netapi32.CREATE_REQUIRE_CONNECTION_PRIVACY : 0);
    Optional<Memory> password = credentials.map(who -> WideString.of(who.password()));
    try {
      password.ifPresent(memory -> use.ui2_password = memory);
      credentials.ifPresent(who -> use.ui2_username = WideString.of(who.user()));
      credentials
          .flatMap(SmbCredentials::domain)
          .ifPresent(domain -> use.ui2_domainname = WideString.of(domain));
      check(
          "NetUseAdd",
          share,
          dlls.netapi32()
              .NetUseAdd(null, 4 | Netapi32.USE_FLAG_GLOBAL_MAPPING, use, new IntByReference()));
    } finally {
      password.ifPresent(Memory::clear);
    }
  }

  /** A share with files, and its server's remark about it. */
  public record Share(String name, String remark) {}

  /** The shares of a server that contain files, without those that Windows creates for itself. */
  public List<Share> offered(String server) throws Win32Exception {
    List<Share> shares = new ArrayList<>();
    var resume = new IntByReference();
    int code;
    do {
      var buffer = new PointerByReference();
      var read = new IntByReference();
      code =
          dlls.netapi32()
              .NetShareEnum(
                  WideString.of(server),
                  1,
                  buffer,
                  Netapi32.MAX_PREFERRED_LENGTH,
                  read,
                  new IntByReference(),
                  resume);
      if (code != Win32Error.MORE_DATA) {
        check("NetShareEnum", server, code);
      }
      if (buffer.getValue() != null) {
        addAll(buffer.getValue(), read.getValue(), shares);
        dlls.netapi32().NetApiBufferFree(buffer.getValue());
      }
    } while (code == Win32Error.MORE_DATA);
    return shares;
  }

  private static void addAll(Pointer buffer, int count, List<Share> shares) {
    int size = new SHARE_INFO_1().size();
    for (int i = 0; i < count; i++) {
      SHARE_INFO_1 share = SHARE_INFO_1.at(buffer.share((long) i * size));
      boolean files = (share.shi1_type & Netapi32.STYPE_MASK) == Netapi32.STYPE_DISKTREE;
      if (files && (share.shi1_type & Netapi32.STYPE_SPECIAL) == 0) {
        shares.add(new Share(text(share.shi1_netname), text(share.shi1_remark)));
      }
    }
  }

  private static String text(@Nullable Pointer text) {
    return text == null ? "" : WideString.read(text);
  }

  public boolean mapped(String share) throws Win32Exception {
    var buffer = new PointerByReference();
    int code =
        dlls.netapi32()
            .NetUseGetInfo(
                null, WideString.of(share), 2 | Netapi32.USE_FLAG_GLOBAL_MAPPING, buffer);
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
        dlls.netapi32()
            .NetUseDel(null, WideString.of(share), force | Netapi32.USE_FLAG_GLOBAL_MAPPING));
  }

  private static void check(String call, String share, int code) throws Win32Exception {
    if (code != Win32Error.SUCCESS) {
      throw new Win32Exception(call, share, code);
    }
  }
}
