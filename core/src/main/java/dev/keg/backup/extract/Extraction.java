package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.tar.TarLimits;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeWriter;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Fills an empty directory from an archive, and returns when everything is on disk. A problem with
 * the archive is an {@link InvalidArchive}; the directory then has what was restored so far.
 */
public final class Extraction {
  private final Function<Losses, TreeWriter> target;
  private final ExtractionRequest request;
  private final TreeListener listener;

  public Extraction(FileTrees trees, Path stage, ExtractionRequest request, TreeListener listener) {
    this(losses -> trees.write(stage, losses), request, listener);
  }

  /**
   * @param target opens the empty directory
   */
  public Extraction(
      Function<Losses, TreeWriter> target, ExtractionRequest request, TreeListener listener) {
    this.target = target;
    this.request = request;
    this.listener = listener;
  }

  /** Restores from one of Keg's archives, by its index and on several threads. */
  public void fromArchive(Archive archive, ArchiveSources sources) {
    requireRoom(archive);
    RatioGuard.check(
        archive.name(), archive.totals().bytes(), sources.length(), request.limits().ratio());
    try (TreeWriter writer = writer()) {
      new IndexedExtraction(archive, request, listener, writer).run(sources);
      writer.sync();
    }
  }

  private void requireRoom(Archive archive) {
    Totals totals = archive.totals();
    RestoreLimits limits = request.limits();
    if (totals.entries() > limits.entries()) {
      throw new InvalidArchive(
          archive.name(),
          "in its index",
          "it has %d entries, more than %d".formatted(totals.entries(), limits.entries()),
          "if you trust its origin, `keg restore --trust` and `keg repo trust` accept any number");
    }
    if (totals.bytes() > limits.content().bytes()) {
      throw new InvalidArchive(
          archive.name(),
          "in its index",
          "its files need more than the " + limits.content().human() + " that there is room for");
    }
  }

  /**
   * Restores from any tar archive, compressed or not. Returns whether it has an entry for the root
   * directory; otherwise its attributes are up to the caller.
   */
  public boolean fromStream(String name, InputStream in, TarLimits limits) {
    return from(name, ForeignArchive.entries(name, in, limits, request.limits().ratio()));
  }

  /** Restores from a zip archive. Returns whether it has an entry for the root directory. */
  public boolean fromZip(String name, SeekableByteChannel channel) {
    try (ZipSource zip = new ZipSource(name, channel, request.limits().ratio())) {
      return from(name, zip);
    }
  }

  private boolean from(String name, EntrySource source) {
    try (TreeWriter writer = writer()) {
      boolean hasRoot = new StreamExtraction(name, source, request, listener, writer).run();
      writer.sync();
      return hasRoot;
    }
  }

  private TreeWriter writer() {
    return target.apply(listener.losses());
  }
}
