package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.MachineCopies;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.store.StoredObject;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.ByteString;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.OpenFile;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A first backup of a file of 600 GiB, of which each GiB begins with a little data. The lengths of
 * objects are as small a fraction of the usual ones as the data is of the file.
 */
@NeedsTime
class LargeFirstBackupTest {
  private static final long GIB = 1L << 30;
  private static final long LENGTH = 600 * GIB;
  private static final int SCALE = 4096;
  private static final int DATA = (int) (GIB / SCALE);
  private static final List<Extent> AREAS =
      LongStream.range(0, LENGTH / GIB).mapToObj(gib -> new Extent(gib * GIB, DATA)).toList();

  @TempDir private Path restored;
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  /** This GiB has other data from the second backup on. */
  private int changed = -1;

  private byte[] data(long gib) {
    byte[] bytes = new byte[DATA];
    new SplittableRandom(gib == changed ? -gib : gib).nextBytes(bytes);
    return bytes;
  }

  /** Content that is made when it is read. */
  private final class Disk implements OpenFile {
    @Override
    public Stat stat() {
      return status(Stat.Type.REGULAR, LENGTH);
    }

    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public List<Extent> data(long size) {
      return AREAS;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      int from = (int) (position % GIB);
      assertThat(from).isLessThan(DATA);
      int length = Math.min(into.remaining(), DATA - from);
      into.put(LargeFirstBackupTest.this.data(position / GIB), from, length);
      return length;
    }

    @Override
    public void close() {}
  }

  private Stat status(Stat.Type type, long size) {
    boolean regular = type == Stat.Type.REGULAR;
    Instant time = FakeTree.LONG_AGO.plusSeconds(changed);
    return new Stat(
        type, 0644, 0, 0, size, time, time, 1, regular ? 2 : 1, 1, 0, 0, regular, false, false);
  }

  private final class DiskTree implements FileTree {
    @Override
    public Optional<Stat> stat(TreePath path) {
      return Optional.of(
          path.isRoot() ? status(Stat.Type.DIRECTORY, 0) : status(Stat.Type.REGULAR, LENGTH));
    }

    @Override
    public List<ByteString> names(TreePath directory) {
      return List.of(ByteString.utf8("disk"));
    }

    @Override
    public Optional<OpenFile> open(TreePath file) {
      return Optional.of(new Disk());
    }

    @Override
    public Optional<ByteString> target(TreePath symlink) {
      return Optional.empty();
    }

    @Override
    public Xattrs xattrs(TreePath path) {
      return Xattrs.NONE;
    }

    @Override
    public void close() {}
  }

  private final class DiskTrees implements FileTrees {
    @Override
    public FileTree read(Path root) {
      return new DiskTree();
    }

    @Override
    public TreeWriter write(Path root, Losses losses) {
      throw new AssertionError("a backup writes nothing");
    }

    @Override
    public Stage stage(Path root, ByteString name, Losses losses) {
      throw new AssertionError("a backup writes nothing");
    }

    @Override
    public boolean exchange(Path one, Path other) {
      throw new AssertionError("a backup exchanges nothing");
    }
  }

  private Saved backUp() {
    BackupContext context =
        new BackupContext(
            host.context.services(),
            host.volumes,
            host.context.views(),
            new DiskTrees(),
            DirectorySync.NONE,
            new SplittableRandom(3));
    RepositoryDestination destination =
        new RepositoryDestination(
            List.of(host.repository),
            new Origin(host.hostName, "1"),
            host.written(),
            _ -> {},
            new Size(GIB / SCALE));
    SaveRequest request = host.request(BackedHost.programs(_ -> true), false);
    try (MachineCopies copies = new MachineCopies(context, Optional.empty(), host.saveListener())) {
      Saving saving = new Saving(context, request, host.saveListener(), copies);
      saving.prepare(List.of(db), destination);
      return saving.save(db, destination);
    }
  }

  private void assertRestored(Backup backup) throws IOException {
    ExtractionRequest all =
        ExtractionRequest.all(Trust.OWN, RestoreLimits.own(new Size(Long.MAX_VALUE)), 2);
    try (RestoreSource.Indexed source = RestoreSource.of(host.repository, backup.record(), true)) {
      new Extraction(new PortableFileTrees(), restored, all, TreeListener.NONE)
          .fromArchive(source.archive(), source.sources());
    }
    try (FileChannel disk = FileChannel.open(restored.resolve("disk"))) {
      assertThat(disk.size()).isEqualTo(LENGTH);
      ByteBuffer found = ByteBuffer.allocate(DATA);
      for (Extent area : AREAS) {
        disk.read(found.clear(), area.offset());
        assertThat(found.flip()).isEqualTo(ByteBuffer.wrap(data(area.offset() / GIB)));
        disk.read(found.clear(), area.end());
        assertThat(found.flip()).isEqualTo(ByteBuffer.allocate(DATA));
      }
    }
  }

  /** Elsewhere a restored file may take all of its length. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void no_object_comes_near_the_limit_of_parts() throws Exception {
    backUp();
    List<StoredObject> objects = host.store.list("data/");
    assertThat(objects).hasSizeGreaterThan(10);
    assertThat(objects)
        .allSatisfy(
            object ->
                assertThat(object.size().bytes() * SCALE / PartSizes.SMALLEST)
                    .isLessThan(PartSizes.MOST_PARTS));

    changed = 500;
    assertThat(backUp().stored().bytes()).isBetween((long) DATA, 8L << 20);

    Backup last = host.repository.list().backups().getLast();
    assertThat(host.verify(host.repository, last).findings()).isEmpty();
    assertRestored(last);
  }
}
