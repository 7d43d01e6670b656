package dev.keg.windows.smb;

import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The volumes of this host that use a share. A share has one mapping, which the last user removes.
 * Users may have different roots, so the list is outside them, in a directory of the machine with a
 * file per user.
 */
final class ShareHolders implements AutoCloseable {
  private final Path directory;
  private final Path own;
  private final FileChannel lock;

  private ShareHolders(Path directory, Path own, FileChannel lock) {
    this.directory = directory;
    this.own = own;
    this.lock = lock;
  }

  /**
   * Opens the list for a share and locks it until this is closed.
   *
   * @param all the directory of all lists, which only administrators can write to
   */
  static ShareHolders open(Path all, String share, VolumeHome home) throws IOException {
    Path own = own(all, share, home);
    FileChannel lock =
        FileChannel.open(all.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      var _ = lock.lock();
      return new ShareHolders(own.resolveSibling(""), own, lock);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** Whether a volume is in the list, which only commands on that volume change. */
  static boolean has(Path all, String share, VolumeHome home) {
    return Files.exists(own(all, share, home));
  }

  private static Path own(Path all, String share, VolumeHome home) {
    return all.resolve(digest(share.toLowerCase(Locale.ROOT)))
        .resolve(digest(home.path().toAbsolutePath().toString()));
  }

  void add() throws IOException {
    Files.createDirectories(directory);
    if (!Files.exists(own)) {
      Files.createFile(own);
    }
  }

  void remove() throws IOException {
    Files.deleteIfExists(own);
    if (Files.isDirectory(directory) && !others()) {
      Files.delete(directory);
    }
  }

  /** Whether this volume is in the list. */
  boolean held() {
    return Files.exists(own);
  }

  boolean others() throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> holders = Files.list(directory)) {
      return holders.anyMatch(holder -> !holder.equals(own));
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
