package dev.keg.cli.option;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.volume.VolumeName;
import picocli.CommandLine.Option;

/** How to restore a foreign archive or image to a volume. */
public final class ForeignOptions {
  @Option(names = "--replace", description = "Replace the content of the volume")
  private boolean replace;

  @Option(names = "--trust", description = "Accept devices, setuid bits and security attributes")
  private boolean trust;

  public boolean given() {
    return replace || trust;
  }

  public boolean replace() {
    return replace;
  }

  /**
   * The restore that these options describe.
   *
   * @param mode how to treat the content of the volume without {@code --replace}
   */
  public RestoreRequest request(VolumeName volume, Mode mode) {
    return RestoreRequest.foreign(
        volume, replace ? Mode.REPLACE : mode, trust, Runtime.getRuntime().availableProcessors());
  }
}
