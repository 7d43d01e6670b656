package dev.keg.moving.pass;

import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.moving.pass.Announcement.Content;
import dev.keg.moving.pass.Announcement.Enter;
import dev.keg.moving.pass.Announcement.Gone;
import dev.keg.moving.pass.Announcement.Leave;
import dev.keg.moving.pass.Announcement.Link;
import dev.keg.moving.pass.Announcement.Need;
import dev.keg.moving.pass.Announcement.Special;
import dev.keg.moving.pass.SentContent.Found;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The directory that becomes the volume. Nobody else sees it, so files are changed in place: a
 * partly changed one has the time of its last write, which tells the next pass.
 */
public final class ArrivingTree implements AutoCloseable {
  private static final int OWNER_ALL = 0700;
  private static final int OWNER_WRITES = 0200;

  private final FileTrees trees;
  private final Path root;
  private final String volume;
  private final BlockHashes blocks = new BlockHashes();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SentContent.PIECE);
  private final byte[] bytes = new byte[SentContent.PIECE];
  private final Set<Identity> claimed = new HashSet<>();
  private final AtomicReference<@Nullable String> loss = new AtomicReference<>();
  private FileTree tree;
  private TreeWriter writer;

  private record Identity(long device, long inode) {}

  public ArrivingTree(FileTrees trees, Path root, String volume) {
    this.trees = trees;
    this.root = root;
    this.volume = volume;
    this.tree = trees.read(root);
    this.writer = trees.write(root, this::lost);
  }

  private void lost(TreePath path, String what, String why) {
    loss.compareAndSet(null, "cannot preserve the %s of %s: %s".formatted(what, path, why));
  }

  private void requireNothingLost() {
    String lost = loss.get();
    if (lost != null) {
      throw new MoveFailed(
          volume,
          lost,
          "run keg there as root, as with `--remote 'sudo keg'`; check its file system");
    }
  }

  /** Receives batches until the pass ends. */
  public void pass(Wire wire) throws IOException {
    AnnouncementWire source = new AnnouncementWire(wire);
    for (List<Announcement> batch = source.batch(); !batch.isEmpty(); batch = source.batch()) {
      take(batch, wire);
      requireNothingLost();
      wire.done();
    }
    writer.sync();
  }

  private void take(List<Announcement> batch, Wire wire) throws IOException {
    List<Content> needed = new ArrayList<>();
    List<Need> needs = new ArrayList<>();
    List<Need> answers = new ArrayList<>();
    for (Announcement announcement : batch) {
      switch (announcement) {
        case Enter enter -> enter(enter);
        case Gone(TreePath path) -> remove(path);
        case Special special -> special(special);
        case Content content -> {
          Need need = need(content);
          answers.add(need);
          if (!(need instanceof Need.Nothing)) {
            needed.add(content);
            needs.add(need);
          }
        }
        case Link _, Leave _ -> {
          continue; // set once the content is there
        }
      }
    }
    wire.answer(answers);
    for (int i = 0; i < needed.size(); i++) {
      receive(needed.get(i), needs.get(i), wire);
    }
    for (Announcement announcement : batch) {
      if (announcement instanceof Link link) {
        link(link);
      } else if (announcement instanceof Leave leave) {
        leave(leave);
      }
    }
  }

  private void enter(Enter enter) {
    TreePath path = enter.path();
    Optional<Stat> there = tree.stat(path);
    if (there.filter(stat -> stat.type() == Stat.Type.DIRECTORY).isEmpty()) {
      remove(path);
      require(path, writer.directory(path));
      return;
    }
    Stat stat = there.get();
    if ((stat.mode() & OWNER_ALL) != OWNER_ALL) {
      Attributes open = stat.attributes(tree.xattrs(path)).withMode(stat.mode() | OWNER_ALL);
      writer.attributes(path, new FileKind.Directory(), open);
    }
    // Files created in it would inherit the default ACL.
    tree.xattrs(path)
        .get(Xattrs.DEFAULT_ACL)
        .ifPresent(_ -> writer.removeXattr(path, Xattrs.DEFAULT_ACL));
    Set<ByteString> kept = new HashSet<>(enter.names());
    for (ByteString name : tree.names(path)) {
      TreePath child = path.child(name);
      if (!kept.contains(name) && !OwnNames.isOwn(child)) {
        remove(child);
      }
    }
  }

  private static void require(TreePath path, boolean made) {
    if (!made) {
      throw new FileFailure("create", path.toString(), "file exists", null);
    }
  }

  private void remove(TreePath path) {
    Optional<Stat> there = tree.stat(path);
    if (there.filter(stat -> stat.type() == Stat.Type.DIRECTORY).isPresent()) {
      removeAll(path);
      // Both keep directories open, which another one of the same name may replace.
      close();
      tree = trees.read(root);
      writer = trees.write(root, this::lost);
    } else if (there.isPresent()) {
      writer.remove(path);
    }
  }

  /**
   * Removes a directory by the bytes of its names, whatever this host's locale, however deep it is,
   * and without following links.
   */
  private void removeAll(TreePath directory) {
    Deque<TreePath> full = new ArrayDeque<>(List.of(directory));
    while (!full.isEmpty()) {
      TreePath path = full.getLast();
      List<ByteString> names = tree.names(path);
      if (names.isEmpty()) {
        writer.remove(full.removeLast());
      }
      for (ByteString name : names) {
        TreePath child = path.child(name);
        Optional<Stat> stat = tree.stat(child).filter(found -> !found.mountPoint());
        if (stat.orElseThrow(() -> gone(child)).type() == Stat.Type.DIRECTORY) {
          full.addLast(child);
        } else {
          writer.remove(child);
        }
      }
    }
  }

  private void special(Special special) {
    TreePath path = special.path();
    Optional<Stat> there = tree.stat(path);
    boolean same =
        there
            .filter(stat -> isSame(path, stat, special.kind()))
            .filter(stat -> stat.attributes(tree.xattrs(path)).equals(special.attributes()))
            .isPresent();
    if (same) {
      return;
    }
    remove(path);
    boolean made =
        switch (special.kind()) {
          case FileKind.Symlink(ByteString target) -> writer.symlink(path, target);
          case FileKind.Fifo _ -> writer.fifo(path);
          case FileKind.Device device -> writer.device(path, device);
          case FileKind.Directory _, FileKind.RegularFile _, FileKind.HardLink _ ->
              throw new IllegalArgumentException("not without content: " + special.kind());
        };
    require(path, made);
    writer.attributes(path, special.kind(), special.attributes());
  }

  private boolean isSame(TreePath path, Stat stat, FileKind kind) {
    return switch (stat.type()) {
      case SYMLINK ->
          kind instanceof FileKind.Symlink(ByteString target)
              && tree.target(path).equals(Optional.of(target));
      case FIFO -> kind instanceof FileKind.Fifo;
      case CHARACTER, BLOCK -> kind.equals(stat.toDevice());
      case DIRECTORY, REGULAR, SOCKET -> false;
    };
  }

  private Need need(Content content) {
    TreePath path = content.path();
    Optional<Stat> there = tree.stat(path);
    if (there.isEmpty()) {
      return new Need.Whole();
    }
    Stat stat = there.get();
    // Two files of the source may be names of one file here, if they were one in an earlier pass.
    boolean own = stat.links() == 1 || claimed.add(new Identity(stat.device(), stat.inode()));
    if (own && stat.type() == Stat.Type.REGULAR && isSame(content, stat)) {
      return new Need.Nothing();
    }
    boolean alone = stat.links() == 1 && !content.linked();
    boolean fits =
        (stat.mode() & OWNER_WRITES) != 0
            && content.attributes().xattrs().list().containsAll(tree.xattrs(path).list());
    if (stat.type() != Stat.Type.REGULAR || !alone || !fits) {
      // Changing it would change its other name, and old extended attributes would stay.
      remove(path);
      return new Need.Whole();
    }
    return content.size() <= BlockHashes.SMALLEST
        ? new Need.Whole()
        : open(path, file -> new Need.Blocks(ByteString.of(blocks.hashes(file, content.size()))));
  }

  private boolean isSame(Content content, Stat stat) {
    TreePath path = content.path();
    return stat.size() == content.size()
        && stat.attributes(tree.xattrs(path)).equals(content.attributes())
        && (content.knowledge().unchanged()
            || content
                .knowledge()
                .digest()
                .filter(digest -> digest.equals(open(path, f -> blocks.digest(f, stat.size()))))
                .isPresent());
  }

  private interface Use<T> {
    T of(OpenFile file);
  }

  private <T> T open(TreePath path, Use<T> use) {
    try (OpenFile file = tree.open(path).orElseThrow(() -> gone(path))) {
      return use.of(file);
    }
  }

  private MoveFailed gone(TreePath path) {
    return new MoveFailed(volume, "something else is changing the arriving copy: " + path, null);
  }

  private void receive(Content content, Need need, Wire wire) throws IOException {
    TreePath path = content.path();
    if (wire.take(Found.class) == Found.VANISHED) {
      remove(path);
      return;
    }
    Optional<NewFile> there = writer.existing(path);
    try (NewFile file = there.or(() -> writer.file(path)).orElseThrow(() -> gone(path))) {
      if (there.isPresent() && need instanceof Need.Whole) {
        file.size(0);
      }
      for (int count = piece(wire); count > 0; count = piece(wire)) {
        long position = wire.offset();
        wire.in().readFully(bytes, 0, count);
        file.write(buffer.clear().put(bytes, 0, count).flip(), position);
      }
      file.size(wire.offset());
      file.finish(wire.attributes());
    }
  }

  private static int piece(Wire wire) throws IOException {
    int count = wire.in().readInt();
    if (count < 0 || count > SentContent.PIECE) {
      throw new Wire.Garbled("a piece of " + count + " bytes");
    }
    return count;
  }

  private void link(Link link) {
    Optional<Stat> first = tree.stat(link.target());
    if (first.isEmpty()) {
      remove(link.path()); // it vanished, as the next pass will see
      return;
    }
    boolean same =
        tree.stat(link.path())
            .filter(stat -> stat.device() == first.get().device())
            .filter(stat -> stat.inode() == first.get().inode())
            .isPresent();
    if (!same) {
      remove(link.path());
      require(link.path(), writer.link(link.path(), link.target()));
    }
  }

  private void leave(Leave leave) {
    TreePath path = leave.path();
    Attributes wanted = leave.attributes();
    Attributes now = tree.stat(path).orElseThrow(() -> gone(path)).attributes(tree.xattrs(path));
    if (now.equals(wanted)) {
      return;
    }
    for (Xattr xattr : now.xattrs().list()) {
      if (wanted.xattrs().get(xattr.name()).isEmpty()) {
        writer.removeXattr(path, xattr.name());
      }
    }
    writer.attributes(path, new FileKind.Directory(), wanted);
  }

  @Override
  public void close() {
    writer.close();
    tree.close();
  }
}
