package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Totals;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The index of an archive, rewritten as by an attacker who knows the format: all its hashes are
 * correct. For archives with one page.
 */
public final class ForgedIndex {
  private final Archive archive;
  private final byte[] bytes;
  private Totals totals;
  private List<IndexedEntry> entries;
  private UnaryOperator<byte[]> page = content -> content;

  private ForgedIndex(Archive archive, byte[] bytes) {
    this.archive = archive;
    this.bytes = bytes;
    totals = archive.totals();
    entries = archive.page(archive.root().pages().getFirst()).entries();
  }

  public static ForgedIndex of(Shelf shelf, String name) {
    try (Archive archive = shelf.archive(name)) {
      return new ForgedIndex(archive, shelf.bytes(name));
    }
  }

  public ForgedIndex totals(UnaryOperator<Totals> forge) {
    totals = forge.apply(totals);
    return this;
  }

  public ForgedIndex entries(UnaryOperator<List<IndexedEntry>> forge) {
    entries = forge.apply(entries);
    return this;
  }

  /** Edits the page as bytes, for content that our own types refuse. */
  public ForgedIndex page(UnaryOperator<byte[]> forge) {
    page = forge;
    return this;
  }

  /** The archive with this index. */
  public byte[] toArchive() {
    IndexRoot root = archive.root();
    IndexRoot.Page old = root.pages().getFirst();
    IndexRoot.ObjectNames objects = new IndexRoot.ObjectNames();
    byte[] content = page.apply(encode(archive.page(old).frames(), objects));
    ByteBuffer payload = Skippable.pack(Skippable.PAGE, content);
    IndexRoot.Page forged =
        new IndexRoot.Page(
            "",
            old.offset(),
            payload.remaining(),
            content.length,
            Sha256.of(payload),
            entries.size(),
            old.first());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, (int) old.offset() - Skippable.HEAD);
    write(out, Skippable.head(payload.remaining()), payload);
    byte[] rest =
        new IndexRoot(
                root.version(), root.key(), totals, root.description(), objects, List.of(forged))
            .encode();
    ByteBuffer last = Skippable.pack(Skippable.ROOT, rest);
    Footer footer =
        new Footer(
            root.version(),
            out.size() + Skippable.HEAD,
            last.remaining(),
            rest.length,
            Sha256.of(last));
    write(out, Skippable.head(last.remaining() + Footer.SIZE), last);
    write(out, footer.encode());
    return out.toByteArray();
  }

  private byte[] encode(List<FrameRef> frames, IndexRoot.ObjectNames objects) {
    IndexPage made = new IndexPage(frames, entries);
    return archive.version() == Footer.FIRST ? made.encode(objects) : made.encode();
  }

  private static void write(ByteArrayOutputStream out, ByteBuffer... buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      out.writeBytes(bytes);
    }
  }
}
