package dev.keg.linux.bind;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code bind}. */
public final class BindDriverFactory implements DriverFactory {
  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor("source", "DIRECTORY", "the host's directory"),
          new OptionDescriptor("create", "true|false", "make it if it is not there"),
          new OptionDescriptor("rbind", "true|false", "with what is mounted below it"),
          new OptionDescriptor("ro", "true|false", "nobody may write"),
          new OptionDescriptor("nosuid", "true|false", "set-user-ID bits have no effect"),
          new OptionDescriptor("nodev", "true|false", "device files are no devices"),
          new OptionDescriptor("noexec", "true|false", "no program can be run from it"));

  private final Function<DriverContext, Kernel> kernel;

  public BindDriverFactory() {
    this(Kernel::open);
  }

  BindDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "bind";
  }

  @Override
  public String summary() {
    return "a directory of the host, which stays where it is";
  }

  @Override
  public List<OptionDescriptor> options() {
    return OPTIONS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new BindDriver(kernel.apply(context));
  }
}
