package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexRoot.ObjectNames;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Totals;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The index of an archive that is being written. The pipeline's writing thread creates pages and
 * root once the frames before them have their positions.
 */
abstract class ArchiveIndex {
  final FramePipeline pipeline;
  final List<IndexRoot.Page> pages = new ArrayList<>();
  final ObjectNames objects = new ObjectNames();
  private final int version;
  private final FrameKey key;
  private final ByteString description;

  ArchiveIndex(int version, FramePipeline pipeline, FrameKey key, ByteString description) {
    this.version = version;
    this.pipeline = pipeline;
    this.key = key;
    this.description = description;
  }

  /** Called for each frame that is submitted to the pipeline. */
  abstract void frame(Frame frame);

  /**
   * Adds an entry. All of its frames have been submitted, except the last one, which will be before
   * the next entry.
   */
  abstract void entry(PendingEntry entry);

  /** Whether it needs the last frame now, to write a page. */
  abstract boolean pageIsDue();

  /** Writes that page. */
  abstract void page();

  /** Writes the last page and the root, after all frames. */
  abstract void finish(Totals totals);

  /** The stored form of a page at that offset, which is added to the root. */
  ByteBuffer[] stored(IndexPage page, byte[] content, long offset) {
    ByteBuffer payload = Skippable.pack(Skippable.PAGE, content);
    pages.add(
        new IndexRoot.Page(
            "",
            offset + Skippable.HEAD,
            payload.remaining(),
            content.length,
            Sha256.of(payload),
            page.entries().size(),
            page.firstPath()));
    return new ByteBuffer[] {Skippable.head(payload.remaining()), payload};
  }

  IndexRoot root(Totals totals) {
    return new IndexRoot(version, key, totals, description, objects, pages);
  }

  ByteBuffer[] stored(IndexRoot root, long offset) {
    byte[] content = root.encode();
    ByteBuffer payload = Skippable.pack(Skippable.ROOT, content);
    Footer footer =
        new Footer(
            version,
            offset + Skippable.HEAD,
            payload.remaining(),
            content.length,
            Sha256.of(payload));
    return new ByteBuffer[] {
      Skippable.head(payload.remaining() + Footer.SIZE), payload, footer.encode()
    };
  }
}
