package dev.keg.windows.win32;

import java.util.List;
import java.util.Optional;

/**
 * Access to a directory in addition to its administrators'.
 *
 * @param owner the account that owns it; empty for the account that creates it
 */
public record Grants(Optional<String> owner, List<Grant> all) {
  public static final Grants NONE = new Grants(Optional.empty(), List.of());

  public Grants {
    all = List.copyOf(all);
  }

  /** The right of an account; the account is a name such as {@code OFFICE\anna}, or a SID. */
  public record Grant(String account, Right right) {}

  /** Rights with their names in options and {@code icacls}. */
  public enum Right {
    /** RX: FILE_GENERIC_READ and FILE_GENERIC_EXECUTE. */
    READ("0x1200a9"),
    /** M: also write and delete, but not change the access of others. */
    RW("0x1301bf"),
    /** F: FILE_ALL_ACCESS. */
    FULL("FA");

    private final String sddl;

    Right(String sddl) {
      this.sddl = sddl;
    }

    String sddl() {
      return sddl;
    }
  }
}
