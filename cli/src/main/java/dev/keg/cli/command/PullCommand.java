package dev.keg.cli.command;

import dev.keg.backup.oci.ImageReference;
import dev.keg.backup.oci.PulledImage;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.action.ForeignRestore;
import dev.keg.cli.option.ForeignOptions;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.RegistryOptions;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code keg pull}: turns an image into a volume; the image is trusted no more than an imported
 * archive.
 */
@Command(name = "pull", customSynopsis = "keg pull [OPTIONS] IMAGE [VOLUME]")
public final class PullCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RegistryOptions registry = new RegistryOptions();
  @Mixin private ForeignOptions how = new ForeignOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(names = "--list", description = "List the tags of the image instead")
  private boolean list;

  @Option(names = "--files", description = "List the files of the image instead")
  private boolean files;

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "IMAGE",
      description = "REGISTRY/NAME[:TAG] or REGISTRY/NAME@DIGEST")
  private String reference = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VOLUME",
      description = "Created if it is missing (default: the last part of NAME)")
  private Optional<String> name = Optional.empty();

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    ImageReference image = ImageReference.parse(reference);
    WrongUse.throwIf(
        list && (files || how.given() || results.json() || name.isPresent()),
        "--list takes only an image");
    WrongUse.throwIf(
        files && (how.given() || name.isPresent()), "--files takes only an image, and --json");
    PulledImage pulled = new PulledImage(image, registry.environment(session));
    if (list) {
      pulled.tags().forEach(session.streams().out()::println);
      return;
    }
    if (files) {
      FileLine.Style style = FileLine.Style.of(results.json(), false);
      Interruption.run(
          () -> pulled.files(file -> session.streams().out().println(FileLine.in(style, file))));
      return;
    }
    // The name of an image is never treated as the ID of a volume.
    VolumeName volume =
        name.map(text -> session.volumes().existing(text).orElseGet(() -> new VolumeName(text)))
            .orElseGet(() -> new VolumeName(image.shortName()));
    Interruption.run(() -> pulled.with(source -> restore(session, volume, source)));
  }

  private void restore(Session session, VolumeName volume, RestoreSource from) {
    ForeignRestore pull =
        new ForeignRestore(session, "pull", how.request(volume, Mode.EMPTY), results);
    if (!how.replace()) {
      pull.requireEmpty(from, "--replace replaces its content with the image");
    }
    pull.from(from, volume.text());
  }
}
