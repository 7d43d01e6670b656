package dev.keg.cli.option.backup;

import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import picocli.CommandLine.Option;

/** Whether to encrypt a new repository. */
public final class NewRepositoryOptions {
  @Option(names = "--encrypt", description = "Encrypt a new repository, even in a directory")
  private boolean encrypt;

  @Option(
      names = "--no-encryption",
      description = "Do not encrypt a new repository, even on another machine")
  private boolean plain;

  public boolean given() {
    return encrypt || plain;
  }

  public Repositories repositories(Session session) {
    WrongUse.throwIf(encrypt && plain, "conflicting options: --encrypt and --no-encryption");
    return session
        .repositories()
        .creating(encrypt ? Creation.ENCRYPTED : plain ? Creation.PLAIN : Creation.UNSAID);
  }
}
