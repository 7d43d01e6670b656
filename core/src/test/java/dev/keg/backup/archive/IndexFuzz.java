package dev.keg.backup.archive;

import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.tree.FakeTree;
import dev.keg.tree.TreePath;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The index of our own archives: the root, a page and the footer; the first byte chooses. */
public final class IndexFuzz implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    Shelf shelf = new Shelf();
    FakeTree tree = new FakeTree();
    tree.directory("d");
    tree.file("d/a", new byte[] {1, 2, 3});
    tree.file("zeros", new byte[1 << 16]);
    shelf.add("a", tree);
    byte[] archive = shelf.bytes("a");
    try (Archive open = shelf.archive("a")) {
      IndexRoot root = open.root();
      byte[] page = open.page(root.pages().getFirst()).encode(new IndexRoot.ObjectNames());
      byte[] footer = Arrays.copyOfRange(archive, archive.length - Footer.SIZE, archive.length);
      return Stream.concat(
              Stream.of(with(0, root.encode()), with(1, page), with(2, footer)),
              shared(shelf, tree))
          .toList();
    }
  }

  private static Stream<byte[]> shared(Shelf shelf, FakeTree tree) {
    shelf.addShared("s", tree);
    try (Archive open = shelf.archive("s")) {
      IndexRoot root = open.root();
      byte[] page = open.page(root.pages().getFirst()).encode();
      return Stream.of(with(3, root.encode()), with(4, page));
    }
  }

  private static byte[] with(int kind, byte[] content) {
    byte[] bytes = new byte[content.length + 1];
    bytes[0] = (byte) kind;
    System.arraycopy(content, 0, bytes, 1, content.length);
    return bytes;
  }

  @Override
  public void read(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] content = Arrays.copyOfRange(input, 1, input.length);
    try {
      switch (input[0] % 5) {
        case 0 -> IndexRoot.decode(content, Footer.FIRST, "a");
        case 1 -> IndexPage.decode(content, "a", new IndexRoot.ObjectNames());
        case 3 -> IndexRoot.decode(content, Footer.SHARING, "a");
        case 4 -> IndexPage.decode(content, "a", Set.of("a", "s"), TreePath.ROOT);
        default -> Footer.decode(Arrays.copyOf(content, Footer.SIZE));
      }
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException _) {
      return; // as expected by callers that open an archive
    } catch (Footer.Newer _) {
      return;
    }
  }
}
