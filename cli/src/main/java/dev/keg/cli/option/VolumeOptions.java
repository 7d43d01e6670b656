package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.config.ConfigKey;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The properties of a new volume. */
public final class VolumeOptions {
  @Option(
      names = {"-d", "--driver"},
      paramLabel = "string",
      description = "Specify volume driver name (default \"local\")")
  private Optional<String> driver = Optional.empty();

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

  @Option(
      names = "--uid",
      paramLabel = "uid",
      converter = OwnerNumber.class,
      description = "Owner of the data directory")
  private Optional<Long> uid = Optional.empty();

  @Option(
      names = "--gid",
      paramLabel = "gid",
      converter = OwnerNumber.class,
      description = "Group of the data directory")
  private Optional<Long> gid = Optional.empty();

  @Option(
      names = "--mode",
      paramLabel = "octal",
      converter = Converters.Mode.class,
      description = "Permissions of the data directory (default 0755)")
  private Optional<Integer> mode = Optional.empty();

  @Option(
      names = "--like",
      paramLabel = "volume",
      description = "Take driver, options and labels from this volume, without its data")
  private Optional<String> like = Optional.empty();

  @Option(
      names = "--pool",
      paramLabel = "name",
      converter = Converters.Pool.class,
      description = "Put the volume into this pool (default: that of its label keg.pool)")
  private Optional<PoolName> pool = Optional.empty();

  @Option(
      names = "--description",
      paramLabel = "text",
      defaultValue = "",
      description = "Describe the volume in your own words")
  private String description;

  @Mixin private ProtectionOptions protection = new ProtectionOptions();

  /** Whether any of these options was given. */
  public boolean given() {
    return otherDriver()
        || like.isPresent()
        || pool.isPresent()
        || !labels.isEmpty()
        || !options.isEmpty()
        || !description.isEmpty()
        || protection.given()
        || hasOwnership();
  }

  /** Whether an owner, a group or permissions were given. */
  public boolean hasOwnership() {
    return !ownership().equals(Ownership.DEFAULT);
  }

  private boolean otherDriver() {
    return driver.filter(name -> !name.equals(Volume.DEFAULT_DRIVER)).isPresent();
  }

  /** Why these options exclude each other, if they do. */
  public Optional<String> conflict() {
    return like.isPresent() && otherDriver()
        ? Optional.of("conflicting options: --like and --driver")
        : protection.conflict();
  }

  /** A volume of this name, or an anonymous one if it is empty. */
  public VolumeRequest request(Session session, String name) {
    Labels given = Labels.parse(labels);
    Options wanted = Options.parse(options);
    String made =
        driver.or(() -> session.config().value(ConfigKey.DRIVER)).orElse(Volume.DEFAULT_DRIVER);
    VolumeRequest request =
        name.isEmpty()
            ? VolumeRequest.anonymous(session.random(), made, wanted, given, ownership())
            : new VolumeRequest(new VolumeName(name), made, wanted, given, ownership());
    VolumeRequest described =
        request
            .in(pool.or(() -> usualPool(session, given)))
            .withDescription(description)
            .withProtection(protection.protection(session).orElse(Protection.none()));
    return like.map(volume -> session.similarVolumes().complete(described, volume))
        .orElse(described);
  }

  // A label of the volume takes precedence over the configuration.
  private static Optional<PoolName> usualPool(Session session, Labels labels) {
    return labels.map().containsKey(Labels.POOL)
        ? Optional.empty()
        : session.config().value(ConfigKey.POOL).map(PoolName::new);
  }

  private Ownership ownership() {
    return new Ownership(
        uid.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        gid.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        mode.map(OptionalInt::of).orElseGet(OptionalInt::empty));
  }

  /** The id of a user or a group. */
  static final class OwnerNumber implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      if (!value.matches("\\d{1,10}") || Long.parseLong(value) > Ownership.MAX_ID) {
        throw new TypeConversionException("must be a number from 0 to " + Ownership.MAX_ID);
      }
      return Long.parseLong(value);
    }
  }
}
