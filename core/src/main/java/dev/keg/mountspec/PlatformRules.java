package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.volume.GoSyntax;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.util.Set;

/** What differs between the platforms: paths, modes and the types of mounts. */
interface PlatformRules {
  /** Splits the text of {@code -v}, whose source is absolute or a name. */
  MountConfig split(String spec);

  /** A text that is already split; its source is absolute, a name, or empty. */
  MountConfig config(ShortSpec spec);

  /** The mode of {@code -v} alone; refuses words that do not describe the access. */
  Access access(String mode);

  /** Refuses what the platform cannot mount; {@link #spec} can rely on the rest. */
  void check(MountConfig config);

  /** Converts a checked mount. */
  MountSpec spec(MountConfig config);

  /** The absolute path for one that begins with dots. */
  String absolute(String path, String base);

  boolean isAbsolute(String path);

  /** {@code --tmpfs}'s target. */
  void checkTmpfsTarget(String target);

  VolumesFrom volumesFrom(String id, String mode);

  static PlatformRules of(PathStyle style, HostFacts host) {
    return switch (style) {
      case LINUX -> new LinuxRules(host);
      case WINDOWS -> new WindowsRules(host, WindowsRules.Targets.WINDOWS);
      case LINUX_ON_WINDOWS -> new WindowsRules(host, WindowsRules.Targets.LINUX);
    };
  }

  /** The error for an invalid {@code -v}. */
  static InvalidSpec invalidSpec(String spec) {
    return new InvalidSpec("invalid volume specification: '" + spec + "'");
  }

  static InvalidSpec invalidSpec(String spec, String hint) {
    return new InvalidSpec(String.valueOf(invalidSpec(spec).getMessage()), hint);
  }

  static InvalidSpec invalidMode(String mode) {
    return new InvalidSpec("invalid mode: " + mode);
  }

  static InvalidSpec invalid(MountConfig config, String why) {
    return new InvalidSpec(why).within(context(config));
  }

  static String context(MountConfig config) {
    return "invalid mount config for type " + GoSyntax.quote(config.type());
  }

  static void require(MountConfig config, String field, String value) {
    if (value.isEmpty()) {
      throw invalid(config, "field " + field + " must not be empty");
    }
  }

  static void forbid(MountConfig config, String field, boolean given) {
    if (given) {
      throw invalid(config, "field " + field + " must not be specified");
    }
  }

  /** Refuses the option parts of other types. */
  static void forbidOtherParts(MountConfig config) {
    forbid(config, "BindOptions", config.bind() != null && !config.type().equals("bind"));
    forbid(config, "VolumeOptions", config.volume() != null && !config.type().equals("volume"));
    forbid(config, "ImageOptions", config.image() != null && !config.type().equals("image"));
    forbid(config, "TmpfsOptions", config.tmpfs() != null && !config.type().equals("tmpfs"));
  }

  static WantedVolume wanted(MountConfig config) {
    Creation creation = creation(config);
    return new WantedVolume(
        config.source().isEmpty() ? null : new VolumeName(config.source()),
        creation.driver().isEmpty() ? null : creation.driver(),
        creation.options(),
        creation.labels(),
        creation.mustExist());
  }

  static Creation creation(MountConfig config) {
    VolumePart part = config.volume();
    return part == null ? Creation.DEFAULT : part.creation();
  }

  /** {@code VOLUME@NAME}; no volume has an at sign in its name. */
  static boolean isSnapshot(MountConfig config) {
    return config.source().contains("@");
  }

  static void checkSnapshot(MountConfig config) {
    Creation creation = creation(config);
    if (!creation.equals(Creation.DEFAULT) && !creation.equals(Creation.NEVER)) {
      throw invalid(config, "must not set how to create a volume when using a snapshot");
    }
    if (!subpath(config).isEmpty()) {
      throw invalid(config, "must not set Subpath when using a snapshot");
    }
  }

  static MountSpec snapshot(MountConfig config, String target) {
    return new MountSpec.Snapshot(VolumeAt.parse(config.source()), target, access(config));
  }

  static String subpath(MountConfig config) {
    VolumePart part = config.volume();
    return part == null ? "" : part.subpath();
  }

  static Access access(MountConfig config) {
    MountConfig.BindPart bind = config.bind();
    Access access =
        Access.DEFAULT
            .withReadOnly(config.readOnly())
            .with(Restriction.apply(config.extras().restrictions(), Set.of()))
            .with(config.extras().relabel(), config.extras().idMap())
            .with(config.extras().machine());
    if (bind == null) {
      return access;
    }
    return access
        .with(bind.recursion())
        .with(Propagation.find(bind.propagation()).orElse(Propagation.RPRIVATE));
  }
}
