package dev.keg.backup.extract;

import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.TarReader;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Detects an archive's format by its first bytes, and opens it. Commons Compress handles
 * compression; tar archives are read by Keg's own strict reader, since Commons Compress changes
 * names and attributes that are not UTF-8.
 */
public final class ForeignArchive {
  /** More than any reasonable compressor for backups needs; larger requirements are an attack. */
  private static final int MEMORY_KIB = 256 << 10;

  private static final int BUFFER = 256 << 10;
  private static final int HEADER = 512;

  /**
   * The compressors of tar archives; others, such as pack200, are not designed for hostile input.
   */
  private static final Set<String> COMPRESSORS =
      Set.of(
          CompressorStreamFactory.BZIP2,
          CompressorStreamFactory.GZIP,
          CompressorStreamFactory.XZ,
          CompressorStreamFactory.ZSTANDARD);

  private static final byte[] ENCRYPTED = "age-encryption.org/".getBytes(StandardCharsets.US_ASCII);

  private ForeignArchive() {}

  /** The entries of a tar archive, compressed or not. */
  static EntrySource entries(String name, InputStream in, TarLimits limits, int ratio) {
    InputStream raw = new BufferedInputStream(in, BUFFER);
    try {
      InputStream plain = isTar(raw) ? raw : unpacked(name, raw, ratio);
      if (!isTar(plain)) {
        refuseOthers(name, plain);
      }
      return source(new TarReader(name, plain, limits));
    } catch (IOException e) {
      throw new InvalidArchive(
          name,
          "at its beginning",
          e instanceof EOFException
              ? "it is cut off here"
              : "it cannot be read: " + e.getMessage());
    }
  }

  /** Checked first: a tar archive begins with a name, which may look like anything. */
  private static boolean isTar(InputStream in) throws IOException {
    in.mark(HEADER);
    byte[] first = in.readNBytes(HEADER);
    in.reset();
    return TarReader.isHeader(first);
  }

  private static InputStream unpacked(String name, InputStream raw, int ratio) throws IOException {
    String compressor;
    try {
      compressor = CompressorStreamFactory.detect(raw);
    } catch (CompressorException _) {
      return raw;
    }
    if (!COMPRESSORS.contains(compressor)) {
      throw new IOException("it is packed with " + compressor + ", which is not supported");
    }
    RatioGuard.Counted counted = new RatioGuard.Counted(raw);
    try {
      InputStream plain =
          new CompressorStreamFactory(true, MEMORY_KIB)
              .createCompressorInputStream(compressor, counted);
      return new BufferedInputStream(new RatioGuard(name, plain, counted, ratio), BUFFER);
    } catch (CompressorException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Names known other formats in the error; the reader refuses the rest. */
  private static void refuseOthers(String name, InputStream plain) throws IOException {
    refuseEncrypted(name, plain);
    String kind;
    try {
      kind = ArchiveStreamFactory.detect(plain);
    } catch (ArchiveException _) {
      refuseScraps(name, plain);
      return;
    }
    if (!kind.equals(ArchiveStreamFactory.TAR)) {
      String hint =
          kind.equals(ArchiveStreamFactory.ZIP)
              ? "a zip archive is read from a file, not from a stream"
              : null;
      throw new InvalidArchive(name, "at its beginning", "it is " + kind + ", not tar", hint);
    }
  }

  private static void refuseEncrypted(String name, InputStream plain) throws IOException {
    plain.mark(HEADER);
    byte[] first = plain.readNBytes(ENCRYPTED.length);
    plain.reset();
    if (Arrays.equals(first, ENCRYPTED)) {
      throw new InvalidArchive(
          name,
          "at its beginning",
          "it is encrypted",
          "an encrypted archive is read from a file, not from a stream; `age -d` decrypts a"
              + " stream");
    }
  }

  // The reader would report it as truncated.
  private static void refuseScraps(String name, InputStream plain) throws IOException {
    plain.mark(HEADER);
    int length = plain.readNBytes(HEADER).length;
    plain.reset();
    if (length > 0 && length < HEADER) {
      throw new InvalidArchive(name, "at its beginning", "it is not a tar archive");
    }
  }

  private static EntrySource source(TarReader reader) {
    return new EntrySource() {
      @Override
      public Optional<Entry> next() {
        return reader.next();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return reader.read(bytes, offset, length);
      }
    };
  }
}
