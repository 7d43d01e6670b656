package dev.keg.backup.archive.frame;

import dev.keg.tree.Entry;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** How the frames of an archive are compressed. Only zstd archives have an index. */
public sealed interface Compression {
  /**
   * How many threads to compress on if there are that many processors. Each takes a buffer of 8 MiB
   * and its own tables, so more than help are not worth it.
   */
  int threads(int processors);

  /** {@code .tar.zst} */
  record Zstd(int level) implements Compression {
    public static final int DEFAULT_LEVEL = 3;
    public static final int MAX_LEVEL = 19;

    public Zstd {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException("the zstd level must be between 1 and " + MAX_LEVEL);
      }
    }

    /** zstd takes three to four times as long as the one thread that reads and cuts, or longer. */
    @Override
    public int threads(int processors) {
      return Math.min(processors, level <= DEFAULT_LEVEL ? 3 : 8);
    }
  }

  /** {@code .tar.gz}: a single stream that any gzip reads. */
  record Gzip(int level) implements Compression {
    public static final int DEFAULT_LEVEL = 6;
    private static final int MAX_LEVEL = 9;

    public Gzip {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException("the gzip level must be between 1 and " + MAX_LEVEL);
      }
    }

    /** It takes six times as long as zstd. */
    @Override
    public int threads(int processors) {
      return Math.min(processors, 8);
    }
  }

  /**
   * zstd frames without an index, for layers of images.
   *
   * @param plain receives the uncompressed bytes, in order
   * @param files receives each file
   */
  record Layer(int level, Consumer<ByteBuffer> plain, Consumer<Entry> files)
      implements Compression {
    @Override
    public int threads(int processors) {
      return new Zstd(level).threads(processors);
    }
  }

  /** {@code .tar} */
  record None() implements Compression {
    @Override
    public int threads(int processors) {
      return 1;
    }
  }

  /** The compression that a backup's file name asks for; zstd by default. */
  static Compression ofBackup(String file, OptionalInt level) {
    if (unsealed(file).endsWith(".tar")) {
      return new None();
    }
    return isGzip(file)
        ? new Gzip(level.orElse(Gzip.DEFAULT_LEVEL))
        : new Zstd(level.orElse(Zstd.DEFAULT_LEVEL));
  }

  /** The compression that an exported file's name asks for; none by default. */
  static Compression ofExport(String file) {
    if (unsealed(file).endsWith(".zst")) {
      return new Zstd(Zstd.DEFAULT_LEVEL);
    }
    return isGzip(file) ? new Gzip(Gzip.DEFAULT_LEVEL) : new None();
  }

  private static boolean isGzip(String file) {
    String name = unsealed(file);
    return name.endsWith(".gz") || name.endsWith(".tgz");
  }

  /** The name of an encrypted file without the suffix for its encryption. */
  private static String unsealed(String file) {
    return file.endsWith(".age") ? file.substring(0, file.length() - ".age".length()) : file;
  }
}
