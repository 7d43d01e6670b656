package dev.keg.cli.session;

import dev.keg.mountspec.ForeignHost;
import dev.keg.mountspec.HostFacts;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.render.Parts;
import dev.keg.volumeset.MountContext;
import java.util.function.Supplier;

/** What mounts are written in, and what documents are about: on this host, and on Windows. */
public final class Grammars {
  private final Supplier<MountContext> mounts;
  private final Environment environment;

  Grammars(Supplier<MountContext> mounts, Environment environment) {
    this.mounts = mounts;
    this.environment = environment;
  }

  /** The grammars of mounts, by the rules of this system. */
  public MountSpecs mountSpecs() {
    return new MountSpecs(
        environment.isWindows() ? PathStyle.WINDOWS : PathStyle.LINUX, localHost());
  }

  /** What documents are about. */
  public Parts parts() {
    return new Parts(mounts.get(), localHost());
  }

  /** What documents for a Windows host are about, which need not be this one. */
  public Parts partsOfWindows() {
    return new Parts(mounts.get(), windowsFacts());
  }

  /** The grammars of mounts on Windows. */
  public MountSpecs mountSpecsOfWindows(PathStyle style) {
    return new MountSpecs(style, windowsFacts());
  }

  private HostFacts windowsFacts() {
    return environment.isWindows() ? localHost() : new ForeignHost(localHost());
  }

  private HostFacts localHost() {
    return new LocalHost(environment.files());
  }
}
