package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.repository.BackupId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The names of a disk's bitmaps. A bitmap that records writes since a backup has a name that only
 * this backup of this volume on this host uses, so it cannot be confused with another.
 *
 * @param series the common prefix of names for the same repositories
 * @param owner the host, the volume and the repositories
 */
record BitmapName(String series, String owner) {
  private static final String OURS = "keg-";
  private static final int SHORT = 8;
  private static final int LONG = 32;

  static BitmapName of(List<String> repositories, String host, String volume) {
    String all = String.join("\n", repositories.stream().sorted().toList());
    return new BitmapName(OURS + hash(all, SHORT) + "-", String.join("\n", host, volume, all));
  }

  String since(BackupId backup) {
    return series + hash(owner + "\n" + backup.text(), LONG);
  }

  /** Whether a backup created it, for any repositories. */
  static boolean isOurs(String bitmap) {
    return bitmap.startsWith(OURS);
  }

  boolean isOfSeries(String bitmap) {
    return bitmap.startsWith(series);
  }

  private static String hash(String text, int digits) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    return HexFormat.of().formatHex(Sha256.of(bytes).toArray()).substring(0, digits);
  }
}
