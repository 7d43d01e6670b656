package dev.keg.mountspec;

import static dev.keg.mountspec.PlatformRules.checkSnapshot;
import static dev.keg.mountspec.PlatformRules.context;
import static dev.keg.mountspec.PlatformRules.forbid;
import static dev.keg.mountspec.PlatformRules.forbidOtherParts;
import static dev.keg.mountspec.PlatformRules.invalid;
import static dev.keg.mountspec.PlatformRules.invalidMode;
import static dev.keg.mountspec.PlatformRules.invalidSpec;
import static dev.keg.mountspec.PlatformRules.isSnapshot;
import static dev.keg.mountspec.PlatformRules.require;
import static dev.keg.mountspec.PlatformRules.snapshot;
import static dev.keg.mountspec.PlatformRules.subpath;
import static dev.keg.mountspec.PlatformRules.wanted;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.VolumePart;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Linux containers on a Linux host. */
record LinuxRules(HostFacts host) implements PlatformRules {
  // Options of mount(8) that the kernel applies to a whole file system.
  private static final Set<String> SHARED = Set.of("sync", "lazytime");

  // Other options of the file system itself, and SELinux labels.
  private static final Set<String> OF_FILE_SYSTEMS =
      Set.of(
          "async",
          "dirsync",
          "nolazytime",
          "mand",
          "context",
          "fscontext",
          "defcontext",
          "rootcontext");

  @Override
  public MountConfig split(String spec) {
    String[] parts = spec.split(":", 4);
    if (parts[0].isEmpty() || parts.length == 4) {
      throw invalidSpec(spec);
    }
    // This is a target and a mode, but a mode requires a source.
    if (parts.length == 2 && ModeWords.parse(parts[1]).isPresent()) {
      throw invalidSpec(spec);
    }
    return config(
        switch (parts.length) {
          case 1 -> new ShortSpec("", parts[0], "");
          case 2 -> new ShortSpec(parts[0], parts[1], "");
          default -> new ShortSpec(parts[0], parts[1], parts[2]);
        });
  }

  @Override
  public MountConfig config(ShortSpec spec) {
    ModeWords words = ModeWords.parse(spec.mode()).orElseThrow(() -> invalidMode(spec.mode()));
    String propagation = words.propagation().map(Propagation::word).orElse("");
    boolean bind = spec.source().startsWith("/");
    MountConfig config =
        new MountConfig(bind ? "bind" : "volume", spec.source(), spec.target(), words.readOnly())
            .with(words.extras());
    if (bind || !propagation.isEmpty()) {
      // Docker creates a missing source of -v, and only of -v, when the container starts.
      config = config.with(new BindPart(propagation, Recursion.ENABLED, true));
    }
    return words.noCopy() ? config.with(new VolumePart(true, "", Creation.DEFAULT)) : config;
  }

  @Override
  public Access access(String mode) {
    refuseWordsOfFileSystems(mode);
    List<String> all = List.of(mode.split(",", -1));
    List<String> own = all.stream().filter(word -> !SHARED.contains(word)).toList();
    ModeWords words =
        ModeWords.parse(String.join(",", own))
            .filter(w -> !w.noCopy())
            .orElseThrow(() -> invalidMode(mode));
    return PlatformRules.access(new MountConfig("", "", "", words.readOnly()).with(words.extras()))
        .with(words.propagation().orElse(Propagation.RPRIVATE))
        .withShared(all.stream().filter(SHARED::contains).collect(Collectors.toSet()));
  }

  private static void refuseWordsOfFileSystems(String mode) {
    for (String word : mode.split(",", -1)) {
      String key = word.substring(0, word.contains("=") ? word.indexOf('=') : word.length());
      if (OF_FILE_SYSTEMS.contains(key)) {
        throw new InvalidSpec(
            "invalid mode: %s: all mounts of a file system share it".formatted(word),
            "give it to the volume: `keg create -o type=... -o device=... -o o=%s`, or what"
                    .formatted(word)
                + " `keg drivers DRIVER` lists");
      }
    }
  }

  @Override
  public void check(MountConfig config) {
    require(config, "Target", config.target());
    checkTarget(config);
    switch (config.type()) {
      case "bind" -> checkBind(config);
      case "volume" -> checkVolume(config);
      case "tmpfs" -> checkTmpfs(config);
      case "image" -> checkImage(config);
      default -> throw invalid(config, "mount type unknown");
    }
  }

  private static void checkTarget(MountConfig config) {
    try {
      requireTarget(config.target());
    } catch (InvalidSpec e) {
      throw e.within(context(config));
    }
  }

  private static void requireTarget(String target) {
    if (LinuxPaths.clean(slashes(target)).equals("/")) {
      throw new InvalidSpec("invalid specification: destination can't be '/'");
    }
    if (!slashes(target).startsWith("/")) {
      throw new InvalidSpec(
          "invalid mount path: '" + slashes(target) + "' mount path must be absolute");
    }
  }

  private void checkBind(MountConfig config) {
    require(config, "Source", config.source());
    BindPart bind = config.bind();
    String propagation = bind == null ? "" : bind.propagation();
    if (!propagation.isEmpty() && Propagation.find(propagation).isEmpty()) {
      throw invalid(config, "invalid propagation mode: " + propagation);
    }
    forbidOtherParts(config);
    if (!slashes(config.source()).startsWith("/")) {
      throw invalid(
          config,
          "invalid mount path: '" + slashes(config.source()) + "' mount path must be absolute");
    }
    boolean mayBeMissing = bind != null && bind.createSource();
    if (!mayBeMissing && host.kind(config.source()) == HostFacts.PathKind.MISSING) {
      throw invalid(config, "bind source path does not exist: " + config.source());
    }
  }

  private static void checkVolume(MountConfig config) {
    forbidOtherParts(config);
    if (isSnapshot(config)) {
      checkSnapshot(config);
    }
    if (subpath(config).isEmpty()) {
      return;
    }
    if (config.source().isEmpty()) {
      throw invalid(config, "must not set Subpath when using anonymous volumes");
    }
    if (!LinuxPaths.isLocal(subpath(config))) {
      throw invalid(config, "subpath must be a relative path within the volume");
    }
  }

  private static void checkTmpfs(MountConfig config) {
    forbidOtherParts(config);
    forbid(config, "Source", !config.source().isEmpty());
    try {
      TmpfsOptions.of(config);
    } catch (InvalidSpec e) {
      throw e.within(context(config));
    }
  }

  private static void checkImage(MountConfig config) {
    forbidOtherParts(config);
    require(config, "Source", config.source());
    MountConfig.ImagePart image = config.image();
    if (image != null && !image.subpath().isEmpty() && !LinuxPaths.isLocal(image.subpath())) {
      throw invalid(config, "subpath must be a relative path within the volume");
    }
  }

  // Docker treats a backslash as a slash when it checks, but keeps it when it mounts.
  private static String slashes(String path) {
    return path.replace('\\', '/');
  }

  @Override
  public MountSpec spec(MountConfig config) {
    String target = LinuxPaths.clean(config.target());
    return switch (config.type()) {
      case "bind" -> {
        BindPart bind = config.bind();
        yield new MountSpec.Bind(
            LinuxPaths.clean(config.source()),
            target,
            PlatformRules.access(config),
            bind != null && bind.createSource());
      }
      case "volume" -> {
        if (isSnapshot(config)) {
          yield snapshot(config, target);
        }
        VolumePart volume = config.volume();
        yield new MountSpec.Named(
            wanted(config),
            subpath(config),
            target,
            PlatformRules.access(config),
            volume == null || !volume.noCopy());
      }
      case "tmpfs" -> TmpfsOptions.of(config).at(target, PlatformRules.access(config));
      default ->
          throw new InvalidSpec(
                  "Keg does not support images",
                  "unpack the image into a directory or a volume and mount it")
              .within(context(config));
    };
  }

  @Override
  public String absolute(String path, String base) {
    return LinuxPaths.absolute(path, base);
  }

  @Override
  public boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  @Override
  public void checkTmpfsTarget(String target) {
    requireTarget(target);
  }

  @Override
  public VolumesFrom volumesFrom(String id, String mode) {
    ModeWords words = ModeWords.parse(mode).orElseThrow(() -> invalidMode(mode));
    if (words.propagation().isPresent() || words.noCopy()) {
      throw invalidMode(mode);
    }
    return new VolumesFrom(id, mode);
  }
}
