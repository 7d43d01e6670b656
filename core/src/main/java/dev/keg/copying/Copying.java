package dev.keg.copying;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.tar.TarLimits;
import dev.keg.copying.CopyEndOpener.Guard;
import dev.keg.error.InvalidInput.InvalidCopy;
import dev.keg.file.FreeSpace;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.ByteString;
import dev.keg.tree.PartialTree;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystem;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Copies files by docker's rules. A copy is created in a hidden directory of the target's tree and
 * moved to its place once it is complete on disk.
 */
public final class Copying {
  private static final String STREAM = "standard input";

  private final BackupContext context;
  private final CopyEndOpener ends;

  public Copying(BackupContext context, FileSystem host) {
    this.context = context;
    ends = new CopyEndOpener(context, host);
  }

  /**
   * Copies between a volume and the host or another volume.
   *
   * @param in the archive, if the source is a stream
   * @param out receives the archive, if the target is a stream
   */
  public void copy(CopyRequest request, InputStream in, OutputStream out, TreeListener listener) {
    if (!(request.from() instanceof CopyEnd.InVolume || request.to() instanceof CopyEnd.InVolume)) {
      throw new InvalidCopy(request.from().toString(), request.to().toString());
    }
    Run run = new Run(request, listener);
    if (request.from() instanceof CopyEnd.Stream) {
      ends.target(request.to(), (to, guard) -> run.unpack(in, to, guard));
      return;
    }
    ends.source(
        request.from(),
        request.follow(),
        (from, _) -> {
          if (request.to() instanceof CopyEnd.Stream) {
            run.pack(from, out);
          } else {
            ends.target(request.to(), (to, guard) -> run.copy(from, to, guard));
          }
        });
  }

  /** A copy whose ends are open. */
  private final class Run {
    private final CopyRequest request;
    private final TreeListener listener;

    Run(CopyRequest request, TreeListener listener) {
      this.request = request;
      this.listener = listener;
    }

    void copy(ResolvedEnd from, ResolvedEnd to, Guard guard) {
      boolean directory = from.require().type() == Stat.Type.DIRECTORY;
      CopyTarget target = CopyTarget.of(from, directory, to);
      if (directory && to.isWithin(target.directory(), from)) {
        throw from.failure("cannot copy a directory into itself: " + to.shown());
      }
      staged(
          to,
          target.directory(),
          guard,
          writer -> {
            TreeCopy copy = new TreeCopy(from.source(), writer, TreeCopy.Mounts.COPIED, listener);
            target
                .name()
                .ifPresentOrElse(
                    name -> copy.file(from.path(), TreePath.ROOT.child(name)),
                    () -> copy.content(from.path(), TreePath.ROOT));
          });
    }

    void unpack(InputStream in, ResolvedEnd to, Guard guard) {
      if (to.stat().filter(stat -> stat.type() == Stat.Type.DIRECTORY).isEmpty()) {
        throw to.failure("an archive needs a directory that exists");
      }
      ExtractionRequest all =
          ExtractionRequest.all(
              Trust.FOREIGN,
              RestoreLimits.foreign(FreeSpace.at(to.root())),
              Runtime.getRuntime().availableProcessors());
      staged(
          to,
          to.path(),
          guard,
          writer ->
              new Extraction(_ -> writer, all, listener).fromStream(STREAM, in, TarLimits.FOREIGN));
    }

    /** Creates the copy in a stage, then moves it into that directory of the target. */
    private void staged(
        ResolvedEnd to, TreePath directory, Guard guard, Consumer<TreeWriter> filling) {
      ByteString name = ByteString.utf8(OwnNames.copy(context.random().nextLong()));
      TreePath path = TreePath.ROOT.child(name);
      try (Stage stage = context.trees().stage(to.root(), name, this::lost)) {
        filling.accept(
            request.keepOwners()
                ? CopiedFiles.keepingOwners(stage)
                : CopiedFiles.ownedAs(to.tree().stat(path).orElseThrow(), stage));
        guard.run(() -> new Merge(to.tree(), path, directory).into(stage));
      }
    }

    private void lost(TreePath path, String what, String why) {
      listener.note(path, Note.LOST, what + ": " + why);
    }

    void pack(ResolvedEnd from, OutputStream out) {
      boolean directory = from.require().type() == Stat.Type.DIRECTORY;
      boolean content = from.path().isRoot() || (directory && from.written().content());
      TreePath root = content ? from.path() : from.path().parent();
      TreePath only = from.path().below(root);
      Predicate<TreePath> others = path -> !content && !path.isWithin(only);
      ArchiveRequest archive =
          new ArchiveRequest(
              "standard output",
              new Compression.None(),
              ByteString.EMPTY,
              Optional.empty(),
              others,
              1,
              Fingerprint.NEVER);
      PartialTree tree = new PartialTree(from.tree(), root, OwnNames::isOwn);
      ArchiveWriter.write(tree, archive, listener, Channels.newChannel(out));
    }
  }
}
