package dev.keg.backup.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.Shelf;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.Stat;
import dev.keg.tree.Xattrs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveCopyTest {
  private static final ByteString DESCRIPTION = ByteString.utf8("{\"volume\":\"db\"}");

  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void everyKind() {
    tree.directory("d").xattrs =
        Xattrs.NONE.with(ByteString.utf8("user.x"), ByteString.of((byte) -1));
    tree.file("d/small", text("hello"));
    tree.file("d/empty", new byte[0]);
    tree.file("d/large", random(1, 9 << 20));
    FakeFile sparse = tree.file("d/sparse", new byte[100_000]);
    sparse.content[5000] = 7;
    sparse.data = List.of(new Extent(4096, 4096), new Extent(20_480, 8192));
    tree.symlink("l", "dir//x/");
    tree.link("z-link", "d/small");
    tree.add("p", Stat.Type.FIFO);
    tree.add("c", Stat.Type.CHARACTER);
    tree.add("b", Stat.Type.BLOCK).mode = 0600;
    tree.file("v".repeat(200), text("v"));
  }

  private void change() {
    tree.get("d/small").write(text("changed"));
    tree.get("d").mode = 01777;
    tree.get("d").changed = tree.get("d").changed.plusSeconds(1);
    byte[] large = tree.get("d/large").content.clone();
    large[5 << 20] ^= 1;
    tree.get("d/large").write(large);
    tree.file("new", text("new"));
    tree.remove("c");
  }

  /** An export of the tree itself. */
  private byte[] exported(Compression compression) {
    ArchiveRequest request =
        new ArchiveRequest(
            "x", compression, DESCRIPTION, Optional.empty(), _ -> false, 3, Fingerprint.NEVER);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter.write(tree, request, shelf.listener(), Channels.newChannel(out));
    return out.toByteArray();
  }

  private byte[] copied(String name, Compression compression) {
    return copied(name, compression, shelf);
  }

  private byte[] copied(String name, Compression compression, Opener objects) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Archive archive = Archive.open(name, objects);
        ArchiveSources sources = new ArchiveSources(archive, objects)) {
      ArchiveSummary summary =
          new ArchiveCopy("x", compression, DESCRIPTION, 3)
              .write(archive, sources, shelf.listener(), Channels.newChannel(out));
      assertThat(summary.totals().files()).isEqualTo(archive.totals().files());
      assertThat(summary.totals().bytes()).isEqualTo(archive.totals().bytes());
      assertThat(summary.written()).isEqualTo(out.size());
      assertThat(summary.leftOut()).isZero();
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "partial", "shared"})
  void a_copy_is_what_an_export_of_the_tree_would_be(String name) {
    everyKind();
    shelf.add("full", tree);
    shelf.addShared("before", tree);
    if (!name.equals("full")) {
      change();
      shelf.addPartial("partial", tree, "full");
      shelf.addShared("shared", tree, "before");
    }

    for (Compression compression : List.of(new Compression.None(), new Compression.Gzip(1))) {
      assertThat(copied(name, compression)).isEqualTo(exported(compression));
    }
    assertThat(shelf.notes).isEmpty();
  }

  @Test
  void a_copy_with_an_index_needs_no_other_archive() {
    everyKind();
    shelf.addShared("before", tree);
    change();
    shelf.addShared("shared", tree, "before");

    byte[] copy = copied("shared", new Compression.Zstd(3));
    shelf.objects.clear();
    shelf.objects.put("x", copy);
    shelf.objects.put("exported", exported(new Compression.Zstd(3)));

    try (Archive archive = shelf.archive("x")) {
      assertThat(archive.objects()).isEmpty();
      assertThat(archive.description()).isEqualTo(DESCRIPTION);
    }
    assertThat(shelf.verify("x").findings()).isEmpty();
    assertThat(entries("x")).isEqualTo(entries("exported"));
    assertThat(shelf.content("x", "d/large")).isEqualTo(tree.get("d/large").content);
    assertThat(shelf.content("x", "d/small")).isEqualTo(text("changed"));
  }

  private List<?> entries(String name) {
    return shelf.entries(name).stream().map(IndexedEntry::entry).toList();
  }

  /** Otherwise each of many small files costs up to 4 MiB. */
  @Test
  void neighbours_from_several_backups_do_not_cost_a_frame_each() {
    for (int i = 0; i < 60; i++) {
      tree.file("f" + (10 + i), random(i, 500));
    }
    shelf.addShared("0", tree);
    for (int backup = 1; backup < 6; backup++) {
      for (int i = backup; i < 60; i += 6) {
        tree.get("f" + (10 + i)).write(random(1000 * backup + i, 500));
      }
      shelf.addShared("" + backup, tree, "" + (backup - 1));
    }
    shelf.reads.set(0);

    assertThat(copied("5", new Compression.None())).isEqualTo(exported(new Compression.None()));
    assertThat(shelf.reads.get()).isLessThan(20);
  }

  private FrameRef frameOf(String path) {
    return shelf.entries("full").stream()
        .filter(entry -> entry.entry().path().toString().equals(path))
        .findFirst()
        .orElseThrow()
        .slices()
        .getFirst()
        .frame();
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/small", "d/large"})
  void damage_is_not_copied(String path) {
    everyKind();
    shelf.add("full", tree);
    shelf.bytes("full")[(int) frameOf(path).offset() + 20] ^= 1;

    assertThatThrownBy(() -> copied("full", new Compression.None()))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("damaged in the frame at byte " + frameOf(path).offset());
  }

  /** A file of a tree gets zeros instead, since it is all there is. */
  @ParameterizedTest
  @ValueSource(strings = {"d/small", "d/large"})
  void bytes_that_cannot_be_read_do_not_become_zeros(String path) {
    everyKind();
    shelf.add("full", tree);
    FrameRef lost = frameOf(path);
    Opener broken =
        object -> {
          RangeSource sound = shelf.open(object);
          return new RangeSource() {
            @Override
            public long length() {
              return sound.length();
            }

            @Override
            public void read(long offset, ByteBuffer into) {
              if (offset == lost.offset()) {
                throw new FileFailure("read", object, "input/output error", null);
              }
              sound.read(offset, into);
            }

            @Override
            public void close() {
              sound.close();
            }
          };
        };

    assertThatThrownBy(() -> copied("full", new Compression.None(), broken))
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining("input/output error");
  }
}
