package dev.keg.cli.action;

import dev.keg.cli.option.AccessOptions;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.SetUpOptions;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.WantedVolume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Mounts volumes and snapshots at their targets, and prints each target. */
public record MountRun(Session session, SetUpOptions how, RowOptions rows) {
  /**
   * Mounts one volume.
   *
   * @param text {@code VOLUME[@X]}
   */
  public void mount(String text, String target, AccessOptions access) {
    String name = EarlierVolume.of(session, "mount", text).map(EarlierVolume::volume).orElse(text);
    if (!session.volumes().exists(name)) {
      throw new NotFound("mount", name);
    }
    String path = how.path(session, target);
    setUp(
        earlier ->
            List.of(
                access.mount(session.grammars().mountSpecs(), earlier.at(text).toString(), path)));
  }

  /** Makes all mounts of a container. */
  public void mount(List<MountSpec> mounts) {
    session.volumeResolver().requireExternal(wanted(mounts));
    setUp(earlier -> mounts.stream().map(earlier::at).toList());
  }

  private static List<WantedVolume> wanted(List<MountSpec> mounts) {
    return mounts.stream()
        .<WantedVolume>mapMulti(
            (mount, wanted) -> {
              if (mount instanceof MountSpec.Named named) {
                wanted.accept(named.volume());
              }
            })
        .toList();
  }

  private void setUp(Function<EarlierVolumes, List<MountSpec>> mounts) {
    try (EarlierVolumes earlier = new EarlierVolumes(session, "mount")) {
      List<MountSpec> shown = new ArrayList<>();
      Interruption.run(() -> shown.addAll(mounts.apply(earlier)));
      List<Path> targets = session.volumeSets().setUp(how.request(session, shown));
      earlier.keep();
      targets.forEach(
          target ->
              rows.print(
                  session, Result.naming("Target", target.toString()).with("Mounted", true)));
    }
  }
}
