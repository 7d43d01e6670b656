package dev.keg.cli.command;

import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.Differs;
import dev.keg.lifecycle.Creation;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg create}. */
@Command(
    name = "create",
    customSynopsis = "keg create [OPTIONS] [VOLUME]",
    header = "Create a volume")
public final class CreateCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-d", "--driver"},
      paramLabel = "string",
      defaultValue = "local",
      description = "Specify volume driver name (default \"local\")")
  private String driver;

  @Option(
      names = "--label",
      paramLabel = "list",
      converter = Converters.Label.class,
      description = "Set metadata for a volume")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = {"-o", "--opt"},
      paramLabel = "map",
      description = "Set driver specific options")
  private List<String> options = new ArrayList<>();

  @Option(names = "--name", paramLabel = "string", hidden = true)
  private Optional<String> name = Optional.empty();

  @Option(names = "--ignore", description = "Do not warn if the volume exists and differs")
  private boolean ignore;

  @Option(names = "--strict", description = "Fail if the volume exists and differs")
  private boolean strict;

  @Option(names = "--uid", paramLabel = "uid", description = "Owner of the data directory")
  private Optional<Long> uid = Optional.empty();

  @Option(names = "--gid", paramLabel = "gid", description = "Group of the data directory")
  private Optional<Long> gid = Optional.empty();

  @Option(
      names = "--mode",
      paramLabel = "octal",
      converter = Converters.Mode.class,
      description = "Permissions of the data directory (default 0755)")
  private Optional<Integer> mode = Optional.empty();

  @Parameters(arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Override
  public void run() {
    Session session = keg.session();
    Creation creation = session.volumes().create(request(session));
    String created = creation.volume().name().text();
    if (strict && !creation.differences().isEmpty()) {
      throw new Differs(created, creation.differences());
    }
    if (!ignore) {
      creation
          .differences()
          .forEach(difference -> session.warn("volume " + created + " exists: " + difference));
    }
    session.streams().out().println(created);
  }

  private VolumeRequest request(Session session) {
    String text = volume.or(() -> name).orElse("");
    if (volume.isPresent() && name.isPresent()) {
      throw new CommandFailure(
          "conflicting options: cannot specify a volume-name through both --name and as a"
              + " positional arg",
          1);
    }
    Labels given = Labels.parse(labels);
    return text.isEmpty()
        ? VolumeRequest.anonymous(session.random(), driver, optionMap(), given, ownership())
        : new VolumeRequest(new VolumeName(text), driver, optionMap(), given, ownership());
  }

  private SortedMap<String, String> optionMap() {
    SortedMap<String, String> map = new TreeMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      map.put(
          equals < 0 ? option : option.substring(0, equals),
          equals < 0 ? "" : option.substring(equals + 1));
    }
    return map;
  }

  private Ownership ownership() {
    try {
      return new Ownership(
          uid.map(OptionalLong::of).orElseGet(OptionalLong::empty),
          gid.map(OptionalLong::of).orElseGet(OptionalLong::empty),
          mode.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
