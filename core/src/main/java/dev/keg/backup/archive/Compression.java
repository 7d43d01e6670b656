package dev.keg.backup.archive;

/** How the frames of an archive are packed. Only zstd archives have an index. */
public sealed interface Compression {
  /** {@code .tar.zst} */
  record Zstd(int level) implements Compression {
    public static final int DEFAULT_LEVEL = 3;
    private static final int MAX_LEVEL = 19;

    public Zstd {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException("the zstd level must be between 1 and " + MAX_LEVEL);
      }
    }
  }

  /** {@code .tar.gz}, one stream that any gzip reads, made by all cores. */
  record Gzip(int level) implements Compression {
    public static final int DEFAULT_LEVEL = 6;
    private static final int MAX_LEVEL = 9;

    public Gzip {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException("the gzip level must be between 1 and " + MAX_LEVEL);
      }
    }
  }

  /** {@code .tar} */
  record None() implements Compression {}
}
