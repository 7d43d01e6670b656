package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.repository.BackupId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The names of a disk's bitmaps. One that says what was written since a backup has a name that only
 * this backup of this volume on this host gives it, so no other is ever taken for it.
 *
 * @param series begins the names of all for the same repositories
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

  /** Whether a backup made it, for whatever repositories. */
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
