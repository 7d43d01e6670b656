package dev.keg.cli.option.backup;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What names of archives promise. */
public final class ArchiveNames {
  private static final Pattern OTHERS =
      Pattern.compile(".*\\.(7z|br|bz2|cpio|lz|lz4|lzma|rar|tbz2?|txz|xz|zip)");

  private ArchiveNames() {}

  /** Why a file of this name would not be what the name says. */
  static Optional<String> misleading(String file) {
    return OTHERS.matcher(file.toLowerCase(Locale.ROOT)).matches()
        ? Optional.of("'%s': only .tar.zst, .tar.gz and .tar are written".formatted(file))
        : Optional.empty();
  }
}
