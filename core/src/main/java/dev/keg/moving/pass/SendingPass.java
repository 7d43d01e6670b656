package dev.keg.moving.pass;

import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.moving.pass.Announcement.Content;
import dev.keg.moving.pass.Announcement.Enter;
import dev.keg.moving.pass.Announcement.Gone;
import dev.keg.moving.pass.Announcement.Knowledge;
import dev.keg.moving.pass.Announcement.Leave;
import dev.keg.moving.pass.Announcement.Link;
import dev.keg.moving.pass.Announcement.Need;
import dev.keg.moving.pass.Announcement.Special;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * One walk over a volume: announces files in batches, and sends what the other host needs. Neither
 * side remembers files: the other host compares with what it has.
 */
public final class SendingPass {
  private static final int BATCH = 1000;
  private static final long BATCH_BYTES = 1L << 30;

  private final FileTree tree;
  private final Wire wire;
  private final AnnouncementWire announcements;
  private final KnownTimes known;
  private final TreeListener listener;
  private final SentContent content;
  private final BlockHashes blocks = new BlockHashes();
  private final Map<Identity, TreePath> linked = new HashMap<>();
  private final Deque<Visit> visits = new ArrayDeque<>();
  private final List<Announcement> batch = new ArrayList<>();
  private long batchBytes;
  private Optional<TreePath> differing = Optional.empty();

  /**
   * Determines which files need not be compared byte by byte.
   *
   * @param unchangedBefore a file that last changed before this time is as it was sent
   * @param comparedBefore a file that last changed before this time is compared by a hash
   */
  public record KnownTimes(Instant unchangedBefore, Instant comparedBefore) {
    /** Later than any file changed. */
    public static final Instant ALWAYS = Instant.MAX;

    boolean isUnchanged(Stat stat) {
      return isBefore(stat, unchangedBefore);
    }

    boolean isCompared(Stat stat) {
      return comparedBefore.equals(ALWAYS) || isBefore(stat, comparedBefore);
    }

    private static boolean isBefore(Stat stat, Instant time) {
      return !Fingerprint.of(stat, time).equals(Fingerprint.NONE);
    }
  }

  /**
   * The result of a pass.
   *
   * @param bytes the bytes sent
   * @param differing a file whose hash differed on the other host
   */
  public record Result(long bytes, Optional<TreePath> differing) {}

  private record Identity(long device, long inode) {}

  private record Visit(TreePath path, Iterator<ByteString> names, Leave leave) {}

  public SendingPass(FileTree tree, Wire wire, KnownTimes known, TreeListener listener) {
    this.tree = tree;
    this.wire = wire;
    this.announcements = new AnnouncementWire(wire);
    this.known = known;
    this.listener = listener;
    this.content = new SentContent(tree, wire, blocks, listener);
  }

  public Result run() throws IOException {
    Stat root =
        tree.stat(TreePath.ROOT).orElseThrow(() -> new IllegalStateException("a tree has a root"));
    enter(TreePath.ROOT, root);
    while (!visits.isEmpty()) {
      Visit visit = visits.getLast();
      if (visit.names().hasNext()) {
        TreePath path = visit.path().child(visit.names().next());
        Optional<Stat> stat = tree.stat(path);
        if (stat.isPresent()) {
          tell(path, stat.get());
        } else {
          tell(new Gone(path));
        }
      } else {
        visits.removeLast();
        tell(visit.leave());
      }
    }
    flush();
    announcements.put(List.of());
    return new Result(content.bytes(), differing);
  }

  private void enter(TreePath path, Stat stat) throws IOException {
    List<ByteString> names = tree.names(path);
    Leave leave = new Leave(path, stat.attributes(tree.xattrs(path)));
    visits.addLast(new Visit(path, names.iterator(), leave));
    tell(new Enter(path, names));
  }

  private void tell(TreePath path, Stat stat) throws IOException {
    switch (stat.type()) {
      case DIRECTORY -> {
        if (stat.mountPoint()) {
          leaveOut(path, Note.MOUNT_POINT, "another file system is mounted there");
        } else {
          enter(path, stat);
        }
      }
      case REGULAR -> file(path, stat);
      case SYMLINK -> {
        Optional<ByteString> target = tree.target(path);
        tell(
            target.isPresent()
                ? special(path, new FileKind.Symlink(target.get()), stat)
                : new Gone(path));
      }
      case FIFO -> tell(special(path, new FileKind.Fifo(), stat));
      case CHARACTER, BLOCK -> tell(special(path, stat.toDevice(), stat));
      case SOCKET -> leaveOut(path, Note.SOCKET, "a socket");
    }
  }

  private void leaveOut(TreePath path, Note note, String what) throws IOException {
    listener.note(path, note, what);
    tell(new Gone(path));
  }

  private Special special(TreePath path, FileKind kind, Stat stat) {
    return new Special(path, kind, stat.attributes(tree.xattrs(path)));
  }

  private void file(TreePath path, Stat stat) throws IOException {
    if (stat.links() > 1) {
      TreePath first = linked.putIfAbsent(new Identity(stat.device(), stat.inode()), path);
      if (first != null) {
        tell(new Link(path, first));
        return;
      }
    }
    batchBytes += stat.size();
    tell(
        new Content(
            path,
            stat.attributes(tree.xattrs(path)),
            stat.size(),
            stat.links() > 1,
            knowledge(path, stat)));
  }

  private Knowledge knowledge(TreePath path, Stat stat) {
    if (known.isUnchanged(stat)) {
      return Knowledge.UNCHANGED;
    }
    if (!known.isCompared(stat)) {
      return Knowledge.NONE;
    }
    Optional<OpenFile> found = tree.open(path);
    if (found.isEmpty()) {
      return Knowledge.NONE;
    }
    try (OpenFile file = found.get()) {
      return Knowledge.of(blocks.digest(file, stat.size()));
    }
  }

  private void tell(Announcement announcement) throws IOException {
    if (Thread.interrupted()) {
      throw new CancellationException("interrupted");
    }
    batch.add(announcement);
    if (batch.size() == BATCH || batchBytes > BATCH_BYTES) {
      flush();
    }
  }

  /** Announces a batch of files, receives which are needed, and sends those. */
  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    announcements.put(batch);
    wire.answered();
    List<Content> files =
        batch.stream().filter(Content.class::isInstance).map(Content.class::cast).toList();
    List<Need> needs = new ArrayList<>();
    for (Content file : files) {
      needs.add(wire.need(BlockHashes.hashBytes(file.size())));
    }
    for (int i = 0; i < needs.size(); i++) {
      if (!(needs.get(i) instanceof Need.Nothing)) {
        Content file = files.get(i);
        if (file.knowledge().digest().isPresent()) {
          differing = differing.or(() -> Optional.of(file.path()));
        }
        content.send(file, needs.get(i));
      }
    }
    wire.out().flush();
    wire.answered();
    batch.clear();
    batchBytes = 0;
  }
}
