package dev.keg.backup.save;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveRequest.Changes;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.save.Destination.BackupDraft;
import dev.keg.backup.writer.StoppedWriters;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException;
import dev.keg.error.VolumeException;
import dev.keg.registry.journal.OwnNames;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Saves volumes one after another. For each: the data becomes visible, the operator's pre-command
 * runs, the data is frozen if requested, it is read, the post-command runs in any case, and only
 * then, after success, is the backup published.
 */
public final class Saving {
  private static final String WHOLE = "run it again: the next backup reads the whole disk";

  private final BackupContext context;
  private final SaveRequest request;
  private final SaveListener listener;
  private final MachineCopies copies;

  public Saving(BackupContext context, SaveRequest request, SaveListener listener) {
    this(context, request, listener, new MachineCopies(context, Optional.empty(), listener));
  }

  /** Uses copies of a running machine's disks, which the caller closes. */
  public Saving(
      BackupContext context, SaveRequest request, SaveListener listener, MachineCopies copies) {
    this.context = context;
    this.request = request;
    this.listener = listener;
    this.copies = copies;
  }

  /** Copies the disks of volumes that a running machine uses, before they are saved. */
  public void prepare(List<VolumeName> volumes, Destination destination) {
    copies.make(volumes, destination, request);
  }

  /**
   * Saves the volume; secondary failures are in the result, a failure of the backup itself is
   * thrown.
   */
  public Saved save(VolumeName name, Destination destination) {
    Instant start = context.clock().instant();
    try (OpenVolume open = new OpenVolume(name, destination)) {
      ArchiveSummary summary = open.read();
      open.draft.throwFailure();
      requireSame(open.volume());
      open.requireStillThere();
      requireFiles(name, summary);
      Saved saved =
          open.draft
              .publish(summary, Duration.between(start, context.clock().instant()))
              .and(open.disturbed)
              .and(open.notStarted);
      open.draft.warnings().forEach(text -> listener.warn(name, text));
      summary.warnings().forEach(text -> listener.warn(name, text));
      if (saved.problems().isEmpty()) {
        copies.saved(name);
      }
      return saved.thawed(open.thawed.orElse(null));
    }
  }

  /**
   * Refuses a directory for backups that is inside one of the volumes. A volume that is not visible
   * now cannot be backed up either, which is reported in its turn.
   */
  public void requireOutside(List<VolumeName> volumes, Path directory) {
    volumes.forEach(name -> Containment.requireOutside(context, name, directory));
  }

  private void requireSame(Volume volume) {
    boolean there =
        context
            .registry()
            .find(volume.name())
            .filter(now -> now.created().equals(volume.created()))
            .isPresent();
    if (!there) {
      throw new BackupFailed(volume.name().text(), "the volume was removed while it was read");
    }
  }

  private static void requireFiles(VolumeName name, ArchiveSummary summary) {
    boolean nothing = summary.totals().entries() <= 1 && summary.names() > 0;
    if (nothing || (summary.totals().files() == 0 && summary.unreadable() > 0)) {
      throw new BackupFailed(
          name.text(),
          "the backup would be empty, but the volume has %d %s"
              .formatted(summary.names(), summary.names() == 1 ? "file" : "files"),
          "run as a user who can read all of them, and check --exclude");
    }
  }

  /** The volume while it is visible, and the draft of its backup. */
  private final class OpenVolume implements AutoCloseable {
    private final SaveSource source;
    private final BackupDraft draft;
    private Optional<Duration> thawed = Optional.empty();
    private Optional<VolumeException> disturbed = Optional.empty();
    private Optional<VolumeException> notStarted = Optional.empty();
    private Instant begun = Fingerprint.NEVER;

    OpenVolume(VolumeName name, Destination destination) {
      source = SaveSource.open(context, name, request.content(), copies);
      try {
        if (!source.isSnapshot()) {
          // The driver of a volume that is always visible was not asked to open it.
          RestoreJournal.requireWhole("backup", name, context.home(volume()));
        }
        if (source instanceof SaveSource.Files files) {
          destination.requireOutside(volume(), files.data());
        }
        draft = destination.begin(described(), request, () -> context.usage(volume()));
      } catch (RuntimeException e) {
        closeAfter(e, source);
        throw e;
      }
    }

    Volume volume() {
      return source.volume();
    }

    /** A volume that is always visible has no holder, so it may have moved meanwhile. */
    void requireStillThere() {
      if (source instanceof SaveSource.Files(View view)
          && !view.isSnapshot()
          && !view.isMounted()
          && !context.home(volume()).data().equals(view.data())) {
        throw new BackupFailed(
            volume().name().text(),
            "the volume moved to another pool while it was read",
            "run it again");
      }
    }

    /** Without secrets: not everybody who can read a backup may mount the volume. */
    Volume described() {
      Volume volume = source.described();
      if (source.isSnapshot()) {
        Volume now = context.registry().get("backup", volume.name());
        // A backup that is shown as a snapshot is in a plain directory, whatever its volume.
        boolean plain = volume.options().isEmpty() || !volume.driver().equals(now.driver());
        volume = plain ? volume.drivenAs(now) : volume;
      }
      return volume.withOptions(context.services().drivers().masked(volume));
    }

    ArchiveSummary read() {
      VolumeName name = volume().name();
      ArchiveSummary summary;
      try {
        request.commands().ifPresent(commands -> commands.before(name, source.data()));
        summary = archiveStill();
      } catch (RuntimeException | Error e) {
        // An interruption ends the reading, but not the cleanup.
        var _ = Thread.interrupted();
        notStarted.ifPresent(e::addSuppressed);
        try {
          after(name);
        } catch (VolumeException post) {
          e.addSuppressed(post);
        }
        throw e;
      }
      after(name);
      return summary;
    }

    /** Runs the post-command, which may fail the backup, as when it ends a database's backup. */
    private void after(VolumeName name) {
      try {
        request.commands().ifPresent(commands -> commands.after(name, source.data()));
      } finally {
        listener.end(name);
      }
    }

    /** Reads while nobody writes, if requested; the writers continue once all is read. */
    private ArchiveSummary archiveStill() {
      StoppedWriters stopped =
          request
              .commands()
              .filter(commands -> commands.stop().isPresent() && !source.isSnapshot())
              .map(commands -> commands.stop(context, volume().name(), source.places(context)))
              .orElseGet(StoppedWriters::none);
      try {
        ArchiveSummary summary = archive();
        disturbed = UserCommands.requireStill(volume().name(), stopped);
        return summary;
      } finally {
        notStarted = UserCommands.start(volume().name(), stopped);
      }
    }

    private ArchiveSummary archive() {
      try {
        begun = context.clock().instant();
        AtomicReference<ArchiveSummary> summary = new AtomicReference<>();
        switch (source) {
          case SaveSource.Disk disk when request.freeze().isPresent() ->
              throw new BackupFailed(
                  disk.volume().name().text(),
                  "a disk needs no freezing: nobody writes to it while it is read",
                  "leave out --freeze");
          case SaveSource.Disk disk -> summary.set(archive(disk.tree(context.trees())));
          case SaveSource.Changed changed -> summary.set(archive(changed));
          case SaveSource.Files files
              when request.freeze().isPresent() && !files.view().isSnapshot() -> {
            Duration limit = request.freeze().get();
            thawed =
                FrozenVolume.read(
                    context,
                    files.view(),
                    limit,
                    data -> summary.set(archive(context.trees().read(data))));
            thawed.ifPresent(this::warnOfThaw);
          }
          case SaveSource.Files files -> files.read(context, tree -> summary.set(archive(tree)));
        }
        return Objects.requireNonNull(summary.get());
      } catch (RegistryException.FileFailure e) {
        draft.throwFailure();
        throw e;
      }
    }

    private ArchiveSummary archive(SaveSource.Changed changed) {
      try {
        return changes(changed);
      } catch (InvalidArchive e) {
        copies.distrust(volume().name());
        throw e.hinting(WHOLE + "; `keg verify` finds what else is damaged");
      }
    }

    private ArchiveSummary changes(SaveSource.Changed changed) {
      VolumeName name = volume().name();
      EarlierDisk earlier =
          draft
              .previous()
              .filter(last -> last.archive().hash().equals(changed.since().base()))
              .flatMap(EarlierDisk::find)
              .orElseThrow(
                  () ->
                      new BackupFailed(
                          name.text(), "another backup of it was made meanwhile", "run it again"));
      FileTree copy = changed.copy().tree(context.trees());
      Optional<ChangedDisk> disk =
          ChangedDisk.open(copy, earlier, changed.since(), changed.copied());
      if (disk.isEmpty()) {
        copies.distrust(name);
        throw new BackupFailed(
            name.text(), "the machine's copy does not match the previous backup", WHOLE);
      }
      return archive(disk.get(), Optional.of(disk.get().changes()));
    }

    private void warnOfThaw(Duration limit) {
      listener.warn(
          volume().name(),
          "the file system was thawed after %s seconds, before all of it was read; what was read later may not match"
              .formatted(limit.toMillis() / 1000.0));
    }

    private ArchiveSummary archive(FileTree tree) {
      return archive(tree, Optional.empty());
    }

    private ArchiveSummary archive(FileTree tree, Optional<Changes> changes) {
      try (tree) {
        tree.withheld().ifPresent(text -> listener.warn(volume().name(), text));
        TreeListener progress =
            listener.begin(
                volume().name(), () -> draft.expected().orElseGet(() -> context.usage(volume())));
        FileTree content = new PartialTree(tree, TreePath.ROOT, OwnNames::isOwn);
        return ArchiveWriter.write(
            content, archiveRequest(settled(tree), changes), progress, draft.channel());
      }
    }

    /** Syncs the file system, which freezing does as well. */
    private Instant settled(FileTree tree) {
      boolean settled = request.freeze().isPresent() || (draft.isBuiltOn() && tree.settle());
      return settled ? begun : Fingerprint.NEVER;
    }

    private ArchiveRequest archiveRequest(Instant settled, Optional<Changes> changes) {
      return new ArchiveRequest(
          draft.name(),
          draft.compression(),
          VolumeDescription.write(described()),
          draft.previous(),
          request.excluded(),
          request.threads(),
          settled,
          draft.sharing(),
          changes);
    }

    @Override
    public void close() {
      try (source) {
        draft.close();
      }
    }
  }

  private static void closeAfter(RuntimeException failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
