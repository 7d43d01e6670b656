package dev.keg.cli.session;

import dev.keg.mountspec.ForeignHost;
import dev.keg.mountspec.HostFacts;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.render.Parts;
import dev.keg.volumeset.MountContext;
import java.util.function.Supplier;

/** The grammars of mounts, and the parts of documents: on this host, and on Windows. */
public final class Grammars {
  private final Supplier<MountContext> mounts;
  private final Environment environment;

  Grammars(Supplier<MountContext> mounts, Environment environment) {
    this.mounts = mounts;
    this.environment = environment;
  }

  /** The grammar of mounts on this system. */
  public MountSpecs mountSpecs() {
    return new MountSpecs(
        environment.isWindows() ? PathStyle.WINDOWS : PathStyle.LINUX, localHost());
  }

  /** The parts of documents. */
  public Parts parts() {
    return new Parts(mounts.get(), localHost());
  }

  /** The parts of documents for a Windows host, which need not be this one. */
  public Parts partsOfWindows() {
    return new Parts(mounts.get(), windowsFacts());
  }

  /** The grammar of mounts on Windows. */
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
