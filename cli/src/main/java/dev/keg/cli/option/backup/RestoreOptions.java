package dev.keg.cli.option.backup;

import dev.keg.backup.extract.Selection;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to restore a volume, and which one. */
public final class RestoreOptions {
  @Option(
      names = "--path",
      paramLabel = "path",
      converter = Converters.PathInTree.class,
      description = "Restore only this file or directory of the volume")
  private List<TreePath> paths = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "VOLUME",
      description = "Restore to this volume; a missing one is created")
  private Optional<String> to = Optional.empty();

  @Option(names = "--replace", description = "Replace the content of the volume")
  private boolean replace;

  @Option(
      names = "--changed-only",
      description =
          "With --replace, copy unchanged data from the volume, and read only the rest from the"
              + " backup")
  private boolean changedOnly;

  @Option(names = "--merge", description = "Keep files that are not in the backup")
  private boolean merge;

  @Option(names = "--verify", description = "Compare what was written before it becomes live")
  private boolean verify;

  @Option(names = "--skip-damaged", description = "Skip damaged files and restore the rest")
  private boolean skipDamaged;

  @Option(
      names = "--trust",
      description = "Accept devices, setuid bits and security attributes from a foreign archive")
  private boolean trust;

  @Option(
      names = "--same-place",
      description = "Accept host paths and servers in driver options from a foreign archive")
  private boolean samePlace;

  /** Whether any of these options was given. */
  public boolean given() {
    boolean which = to.isPresent() || !paths.isEmpty() || replace || changedOnly || merge;
    return which || verify || skipDamaged || trust || samePlace;
  }

  /** Whether one of them requires an archive with an index. */
  public boolean needsIndex() {
    return verify || skipDamaged || changedOnly;
  }

  /**
   * Why these options exclude each other, if they do.
   *
   * @param manyVolumes whether more than one volume may be restored
   */
  public Optional<String> conflict(boolean manyVolumes) {
    if (manyVolumes && (to.isPresent() || !paths.isEmpty())) {
      return Optional.of("--to and --path take only one volume");
    }
    if (changedOnly && !replace) {
      return Optional.of("--changed-only requires --replace");
    }
    if (replace && merge) {
      return Optional.of("conflicting options: --replace and --merge");
    }
    return replace && !paths.isEmpty()
        ? Optional.of("--replace with --path would remove everything else; use --merge to keep it")
        : Optional.empty();
  }

  private Mode mode() {
    if (replace) {
      return changedOnly ? Mode.REPLACE_CHANGED : Mode.REPLACE;
    }
    return merge ? Mode.MERGE : Mode.EMPTY;
  }

  public RestoreRequest request(Session session, String name) {
    String target = to.orElse(name);
    return new RestoreRequest(
        session.volumes().exists(target)
            ? session.volumes().nameOf(target).orElseThrow()
            : new VolumeName(target),
        paths.isEmpty() ? Optional.empty() : Optional.of(new Selection(paths)),
        mode(),
        verify,
        skipDamaged,
        trust,
        samePlace,
        Runtime.getRuntime().availableProcessors());
  }
}
