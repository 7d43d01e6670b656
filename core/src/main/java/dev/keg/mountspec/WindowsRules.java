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
import dev.keg.mountspec.MountConfig.BindPart;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Containers on a Windows host. {@code -v} is {@code [SOURCE:]TARGET[:ro|rw]} in any case and is
 * read as lower case; only directories and pipes can be mounted.
 */
record WindowsRules(HostFacts host, Targets targets) implements PlatformRules {

  /** The form of a path in the container. */
  enum Targets {
    WINDOWS(WindowsPaths.DIRECTORY + "|" + WindowsPaths.PIPE),
    LINUX(WindowsPaths.LINUX_PATH);

    private final Pattern spec;

    Targets(String target) {
      spec =
          Pattern.compile(
              "(?:(?<source>%s|%s|%s|%s):)?(?<target>%s)(?::(?<mode>ro|rw))?"
                  .formatted(
                      WindowsPaths.HOST_DIRECTORY,
                      WindowsPaths.SHARE,
                      WindowsPaths.NAME,
                      WindowsPaths.PIPE,
                      target));
    }
  }

  @Override
  public MountConfig split(String spec) {
    Matcher parts = targets.spec.matcher(WindowsPaths.lower(spec));
    if (!parts.matches()) {
      throw targets == Targets.WINDOWS
          ? invalidSpec(spec, "a directory in a Windows container is, for example, C:\\data")
          : invalidSpec(spec);
    }
    String source = parts.group("source") == null ? "" : parts.group("source");
    String target = parts.group("target");
    String mode = parts.group("mode") == null ? "" : parts.group("mode");
    if (source.isEmpty()) {
      refuseFile(target);
      // This is a target and a mode, but a mode requires a source.
      if (!mode.isEmpty()) {
        throw invalidSpec(spec);
      }
    }
    return config(new ShortSpec(source, target, mode));
  }

  @Override
  public MountConfig config(ShortSpec spec) {
    String source = WindowsPaths.backslashes(WindowsPaths.lower(spec.source()));
    return new MountConfig(
        type(source), source, inContainer(spec.target()), isReadOnly(spec.mode()));
  }

  private static boolean isReadOnly(String mode) {
    return switch (WindowsPaths.lower(mode)) {
      case "ro" -> true;
      case "rw", "" -> false;
      default -> throw invalidMode(mode);
    };
  }

  // The apparent target may be a file that the user wants to mount; docker issue 26329.
  private void refuseFile(String target) {
    if (targets == Targets.WINDOWS && host.kind(target) == HostFacts.PathKind.OTHER) {
      throw new InvalidSpec(
          "file '%s' cannot be mapped. Only directories can be mapped on this platform"
              .formatted(target));
    }
  }

  private static String type(String source) {
    if (WindowsPaths.isPipe(source)) {
      return "npipe";
    }
    return WindowsPaths.isHostDirectory(source) || WindowsPaths.isShare(source) ? "bind" : "volume";
  }

  private String inContainer(String target) {
    return targets == Targets.WINDOWS ? WindowsPaths.backslashes(target) : target;
  }

  @Override
  public Access access(String mode) {
    return Access.DEFAULT.withReadOnly(isReadOnly(mode));
  }

  @Override
  public void check(MountConfig config) {
    forbidOtherParts(config);
    require(config, "Target", config.target());
    switch (targets) {
      case WINDOWS -> checkWindowsTarget(config);
      case LINUX -> checkLinuxTarget(config);
    }
    if (!config.extras().equals(MountConfig.Extras.NONE)) {
      throw invalid(config, "only ro and rw are supported on this platform");
    }
    switch (config.type()) {
      case "bind" -> checkBind(config);
      case "volume" -> checkVolume(config);
      case "npipe" -> checkPipe(config);
      case "tmpfs" -> throw invalid(config, "windows does not support tmpfs");
      default -> throw invalid(config, "mount type unknown");
    }
  }

  private static void checkWindowsTarget(MountConfig config) {
    String target = WindowsPaths.backslashes(WindowsPaths.lower(config.target()));
    if (target.equals("c:") || target.equals("c:\\")) {
      throw invalid(config, "destination path (" + target + ") cannot be 'c:' or 'c:\\'");
    }
    if (!WindowsPaths.isTarget(WindowsPaths.lower(config.target()))) {
      throw invalid(config, "invalid mount path: '" + config.target() + "'");
    }
    if (!WindowsPaths.isPipe(target)) {
      WindowsPaths.whyUnusable(target)
          .ifPresent(
              why -> {
                throw invalid(config, "invalid mount path: '" + config.target() + "': " + why);
              });
    }
  }

  private static void checkLinuxTarget(MountConfig config) {
    if (LinuxPaths.clean(config.target()).equals("/")) {
      throw invalid(config, "invalid specification: destination can't be '/'");
    }
    if (config.type().equals("npipe")) {
      throw invalid(config, "Linux containers on Windows do not support named pipe mounts");
    }
    if (!WindowsPaths.isLinuxPath(WindowsPaths.lower(config.target()))) {
      throw invalid(config, "invalid mount path: '" + config.target() + "'");
    }
  }

  private void checkBind(MountConfig config) {
    require(config, "Source", config.source());
    BindPart bind = config.bind();
    if (bind != null && !bind.propagation().isEmpty()) {
      throw invalid(config, "invalid propagation mode: " + bind.propagation());
    }
    boolean share = WindowsPaths.isShare(WindowsPaths.lower(config.source()));
    if (share && targets == Targets.LINUX) {
      throw invalid(
          config, "Linux containers on Windows do not support shares: " + config.source());
    }
    if (!share && !WindowsPaths.isTarget(WindowsPaths.lower(config.source()))) {
      throw invalid(
          config, "invalid mount path: '" + config.source() + "' mount path must be absolute");
    }
    switch (host.kind(config.source())) {
      case DIRECTORY -> {}
      case MISSING -> throw invalid(config, "bind source path does not exist: " + config.source());
      case OTHER -> throw invalid(config, "source path must be a directory");
    }
  }

  private static void checkVolume(MountConfig config) {
    if (isSnapshot(config)) {
      checkSnapshot(config);
      return;
    }
    if (!subpath(config).isEmpty()) {
      if (config.source().isEmpty()) {
        throw invalid(config, "must not set Subpath when using anonymous volumes");
      }
      if (!WindowsPaths.isLocal(subpath(config))) {
        throw invalid(config, "subpath must be a relative path within the volume");
      }
    }
    if (config.source().isEmpty()) {
      return;
    }
    if (!WindowsPaths.isName(config.source())) {
      throw invalid(config, "invalid volume name");
    }
    try {
      WindowsPaths.refuseReserved(config.source());
    } catch (InvalidSpec e) {
      throw e.within(context(config));
    }
  }

  private static void checkPipe(MountConfig config) {
    require(config, "Source", config.source());
    forbid(config, "ReadOnly", config.readOnly());
    requirePipe(config, config.source());
    requirePipe(config, config.target());
  }

  private static void requirePipe(MountConfig config, String path) {
    if (!WindowsPaths.isPipe(path)) {
      throw invalid(config, "'" + path + "' is not a valid pipe path");
    }
  }

  @Override
  public MountSpec spec(MountConfig config) {
    String target = WindowsPaths.trimmed(inContainer(config.target()));
    String source = WindowsPaths.trimmed(WindowsPaths.backslashes(config.source()));
    return switch (config.type()) {
      case "bind" -> new MountSpec.Bind(source, target, PlatformRules.access(config), false);
      case "npipe" -> new MountSpec.NamedPipe(source, target);
      default ->
          isSnapshot(config)
              ? snapshot(config, target)
              // Windows does not fill volumes from the image.
              : new MountSpec.Named(
                  wanted(config), subpath(config), target, PlatformRules.access(config), false);
    };
  }

  @Override
  public String absolute(String path, String base) {
    return WindowsPaths.absolute(path, base);
  }

  @Override
  public boolean isAbsolute(String path) {
    return WindowsPaths.isAbsolute(path);
  }

  @Override
  public void checkTmpfsTarget(String target) {
    throw new InvalidSpec("windows does not support tmpfs");
  }

  @Override
  public VolumesFrom volumesFrom(String id, String mode) {
    return new VolumesFrom(id, isReadOnly(mode) ? "ro" : "rw");
  }
}
