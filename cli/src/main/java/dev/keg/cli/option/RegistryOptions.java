package dev.keg.cli.option;

import dev.keg.backup.oci.RegistryEnvironment;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Option;

/** How to connect to a registry of images. */
public final class RegistryOptions {
  @Option(
      names = "--insecure",
      description = "Use plain HTTP with a registry on another machine without TLS")
  private boolean insecure;

  public RegistryEnvironment environment(Session session) {
    return session.repositoryAccess().images(insecure);
  }
}
