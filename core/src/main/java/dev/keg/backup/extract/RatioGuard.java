package dev.keg.backup.extract;

import dev.keg.error.BackupException.InvalidArchive;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Stops a compressed archive that expands far beyond its size. */
final class RatioGuard extends FilterInputStream {
  /** A small archive of zeros does no harm. */
  private static final long ALWAYS = 64L << 20;

  private final String archive;
  private final Counted packed;
  private final int ratio;
  private long plain;

  /** Counts the compressed bytes. */
  static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(0, n);
      return n;
    }
  }

  RatioGuard(String archive, InputStream in, Counted packed, int ratio) {
    super(in);
    this.archive = archive;
    this.packed = packed;
    this.ratio = ratio;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    check(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    check(Math.max(0, n));
    return n;
  }

  private void check(int more) {
    plain += more;
    if (plain > ALWAYS && plain / ratio > packed.count) {
      throw bomb(archive, ratio);
    }
  }

  /** For archives that record the unpacked size of their files. */
  static void check(String archive, long plain, long packed, int ratio) {
    if (plain > ALWAYS && plain / ratio > packed) {
      throw bomb(archive, ratio);
    }
  }

  private static InvalidArchive bomb(String archive, int ratio) {
    return new InvalidArchive(
        archive,
        "after unpacking",
        "it expands to more than " + ratio + " times its size, as a bomb does",
        "--trust restores it anyway");
  }
}
