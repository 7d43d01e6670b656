package dev.keg.cli;

import dev.keg.attachment.FakeMountTable;
import dev.keg.attachment.MountTable;
import dev.keg.cli.session.HostSystem;
import dev.keg.driver.DriverContext;
import dev.keg.volumeset.FakePublisher;
import dev.keg.volumeset.Publisher;
import java.nio.file.FileSystem;

/** A kernel that remembers what is mounted, for the files of a test. */
final class FakeSystem implements HostSystem {
  private final FakeMountTable table;
  private final FakePublisher publisher;

  FakeSystem(FileSystem files) {
    table = new FakeMountTable(files::getPath);
    publisher = new FakePublisher(table);
  }

  @Override
  public MountTable mountTable() {
    return table;
  }

  @Override
  public Publisher publisher(DriverContext context) {
    return publisher;
  }
}
