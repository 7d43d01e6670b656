package dev.keg.copying;

import dev.keg.backup.save.BackupContext;
import dev.keg.copying.CopyEnd.InVolume;
import dev.keg.copying.CopyEnd.OnHost;
import dev.keg.error.RegistryException.CopyFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.SnapshotException.SnapshotIsReadOnly;
import dev.keg.file.FileFailures;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.CopyLock;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.ScopedPath;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the ends of copies. */
final class CopyEndOpener {
  static final String OPERATION = "cp";

  private final BackupContext context;
  private final FileSystem host;

  CopyEndOpener(BackupContext context, FileSystem host) {
    this.context = context;
    this.host = host;
  }

  /** Work at an opened end. */
  interface Use {
    void at(ResolvedEnd end, Guard guard);
  }

  /** Runs the last step of a copy, which makes it visible. */
  interface Guard {
    void run(Runnable step);
  }

  /** Opens an end to read from. */
  void source(CopyEnd end, boolean follow, Use use) {
    open(end, follow, false, use);
  }

  /** Opens an end to write to; links are always followed. */
  void target(CopyEnd end, Use use) {
    open(end, true, true, use);
  }

  private void open(CopyEnd end, boolean follow, boolean writing, Use use) {
    switch (end) {
      case InVolume inside -> inVolume(inside, follow, writing, use);
      case OnHost outside -> onHost(outside, follow, use);
      case CopyEnd.Stream _ -> throw new IllegalArgumentException("a stream has no path");
    }
  }

  private void inVolume(InVolume end, boolean follow, boolean writing, Use use) {
    try (View view = view(VolumeAt.parse(end.volume()), writing)) {
      if (!view.isSnapshot()) {
        RestoreJournal.requireWhole(OPERATION, view.volume().name(), context.home(view.volume()));
      }
      try (FileTree tree = context.trees().read(view.data())) {
        requireShown(view, tree);
        WrittenPath written = WrittenPath.of(end.path(), "/");
        TreePath path =
            ScopedPath.resolve(tree, ByteString.utf8(end.path()), follow || written.directory());
        ResolvedEnd opened =
            new ResolvedEnd(
                end.toString(), view.data(), tree, path, written.named(path.name().toString()));
        try (var _ = writing ? begin(view) : null) {
          use.at(opened, step -> settle(view, tree, step));
        }
        if (!writing && !view.isSnapshot()) {
          // The tree of a volume that was moved to another pool or restored is being deleted.
          requireShown(view, tree);
        }
      } catch (RuntimeException e) {
        // Only the copy was interrupted, not the release of the volume.
        var _ = Thread.interrupted();
        throw e;
      }
    }
  }

  private CopyLock begin(View view) {
    return new DeadCopies(context.home(view.volume()), view.data()).removeAndBegin();
  }

  private View view(VolumeAt at, boolean writing) {
    VolumeName name =
        context
            .volumes()
            .existing(at.volume())
            .orElseThrow(() -> new NotFound(OPERATION, at.volume()));
    if (at.at().isEmpty()) {
      return writing
          ? context.views().openForWriting(OPERATION, name)
          : context.views().open(OPERATION, name);
    }
    if (writing) {
      throw new SnapshotIsReadOnly(OPERATION, at.toString());
    }
    return context.views().openSnapshot(OPERATION, name, at.at().get());
  }

  /**
   * Runs a step while the volume is still the one that was opened, so that nothing is written into
   * the tree of one that was removed or restored meanwhile.
   */
  private void settle(View view, FileTree opened, Runnable step) {
    VolumeName name = view.volume().name();
    try (var _ = context.registry().lock().lock(name)) {
      Volume now = context.registry().get(OPERATION, name);
      RestoreJournal.requireWhole(OPERATION, name, context.home(now));
      if (!now.created().equals(view.volume().created())) {
        throw new CopyFailed(name.text(), "the volume was replaced while files were copied to it");
      }
      requireShown(view, opened);
      step.run();
    }
  }

  /**
   * Refuses the directory below a volume's mount, after another command has just unmounted it. From
   * then on, the open tree keeps a mount busy.
   */
  private void requireShown(View view, FileTree opened) {
    VolumeName name = view.volume().name();
    boolean shown = !view.isMounted() || context.volumes().visible(name).isPresent();
    if (!shown || !isSame(view.data(), opened)) {
      throw new CopyFailed(
          name.text(), "the volume was unmounted or replaced meanwhile; run it again");
    }
  }

  private boolean isSame(Path data, FileTree opened) {
    if (!Files.isDirectory(data)) {
      return false;
    }
    Optional<Stat> before = opened.stat(TreePath.ROOT);
    try (FileTree now = context.trees().read(data)) {
      return now.stat(TreePath.ROOT)
          .filter(stat -> before.filter(stat::isSameFile).isPresent())
          .isPresent();
    }
  }

  private void onHost(OnHost end, boolean follow, Use use) {
    WrittenPath written = WrittenPath.of(end.path(), host.getSeparator());
    Path path = host.getPath(end.path()).toAbsolutePath();
    if (follow || written.directory()) {
      path = FileFailures.translate("examine", path, new Links(path)::end);
    }
    boolean directory =
        Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || path.getParent() == null;
    Path root = real(directory ? path : path.resolveSibling(""), end);
    try (FileTree tree = context.trees().read(root)) {
      TreePath inside =
          directory
              ? TreePath.ROOT
              : TreePath.ROOT.child(ByteString.utf8(String.valueOf(path.getFileName())));
      String name = root.getFileName() == null ? "" : root.getFileName().toString();
      use.at(
          new ResolvedEnd(end.toString(), root, tree, inside, written.named(name)), Runnable::run);
    }
  }

  private static Path real(Path directory, OnHost end) {
    if (!Files.isDirectory(directory)) {
      throw new CopyFailed(end.path(), "directory \"%s\" does not exist".formatted(directory));
    }
    return FileFailures.translate("examine", directory, directory::toRealPath);
  }

  /** Follows a chain of links to a file that need not exist. */
  private record Links(Path start) {
    private static final int MAX = 40;

    Path end() throws IOException {
      Path path = start;
      for (int links = 0; Files.isSymbolicLink(path) && links < MAX; links++) {
        path = path.resolveSibling(Files.readSymbolicLink(path));
      }
      return path;
    }
  }
}
