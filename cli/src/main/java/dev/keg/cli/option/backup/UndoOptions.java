package dev.keg.cli.option.backup;

import dev.keg.backup.restore.Restoring;
import dev.keg.cli.output.Result;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Actions on the last restore of a volume. */
public final class UndoOptions {
  @Option(names = "--undo", description = "Bring back what was there before the last restore")
  private boolean undo;

  @Option(names = "--discard", description = "Delete the data that --undo would bring back")
  private boolean discard;

  public boolean given() {
    return undo || discard;
  }

  /** Why these options exclude each other or the command's other options. */
  public Optional<String> conflict(boolean others) {
    if (undo && discard) {
      return Optional.of("conflicting options: --undo and --discard");
    }
    return given() && others
        ? Optional.of("--undo and --discard take a volume and nothing else")
        : Optional.empty();
  }

  public Result run(Restoring restoring, VolumeName volume) {
    if (undo) {
      restoring.undo(volume);
    } else {
      restoring.discard(volume);
    }
    return Result.ofVolume(volume.text(), undo ? "Undone" : "Discarded");
  }
}
