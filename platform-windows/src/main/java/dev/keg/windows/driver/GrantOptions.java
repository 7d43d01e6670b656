package dev.keg.windows.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.Grants.Grant;
import dev.keg.windows.win32.Grants.Right;
import dev.keg.windows.win32.VolumeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The options that control access to a new volume: {@code grant} and {@code owner}. They name
 * accounts of the host, which an untrusted archive must not choose.
 */
public final class GrantOptions {
  public static final List<OptionDescriptor> KNOWN =
      List.of(
          new OptionDescriptor(
                  "grant",
                  "ACCOUNT:read|rw|full,...",
                  "who may use the data besides its owner and administrators")
              .reaching(Reach.HOST),
          new OptionDescriptor("owner", "ACCOUNT", "who owns the root directory of the volume")
              .reaching(Reach.HOST));

  private GrantOptions() {}

  /** Accounts are looked up only when they are applied. */
  public static Grants of(DriverOptions options, VolumeFormat format) {
    boolean hasAccessControl = format == VolumeFormat.NTFS || format == VolumeFormat.REFS;
    for (OptionDescriptor known : KNOWN) {
      if (options.has(known.key()) && !hasAccessControl) {
        throw options.invalid(known.key(), "a disk with ntfs or refs");
      }
    }
    List<Grant> grants = new ArrayList<>();
    for (String text : options.text("grant").map(all -> all.split(",", -1)).orElse(new String[0])) {
      grants.add(grant(options, text));
    }
    return new Grants(options.text("owner"), grants);
  }

  private static Grant grant(DriverOptions options, String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String word = text.substring(colon + 1).toUpperCase(Locale.ROOT);
      for (Right right : Right.values()) {
        if (right.name().equals(word)) {
          return new Grant(text.substring(0, colon), right);
        }
      }
    }
    throw options.invalid("grant", "an account and a right, such as OFFICE\\anna:rw");
  }
}
