package dev.keg.backup.store.ssh;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.file.Throttle;
import dev.keg.program.WatchedProgram;
import java.io.IOException;

/**
 * A remote file under a temporary name. A broken connection ends its input just like a close, so
 * its size is compared before it gets its name.
 */
final class RemoteDraft extends PendingObject {
  /** The unit of throttling. */
  private static final int PIECE = 1 << 16;

  private final SshSession session;
  private final ObjectName name;
  private final String draft;
  private final ScriptCall receive;
  private final WatchedProgram receiver;
  private final Throttle throttle;

  RemoteDraft(SshSession session, ObjectName name, String draft, Throttle throttle)
      throws StoreException {
    this.throttle = throttle;
    this.session = session;
    this.name = name;
    this.draft = draft;
    this.receive = ScriptCall.of("write " + name, RemoteScript.RECEIVE, draft);
    this.receiver = session.start(receive);
  }

  @Override
  protected void append(byte[] bytes, int offset, int length) throws StoreException {
    try {
      for (int at = 0; at < length; at += PIECE) {
        int count = Math.min(PIECE, length - at);
        throttle.take(count);
        receiver.input().write(bytes, offset + at, count);
      }
    } catch (IOException e) {
      throw session.broken(receive, receiver, e);
    }
  }

  @Override
  protected void commit() throws StoreException {
    finishReceiving();
    String size = Long.toString(size().bytes());
    ScriptCall publish =
        ScriptCall.of("write " + name, RemoteScript.PUBLISH, draft, name.text(), size);
    int verdict = session.run(publish, SshSession.Reader.NOTHING);
    if (verdict == RemoteScript.TAKEN) {
      throw new StoreException.AlreadyExists(session.address(), name);
    }
    if (verdict != 0) {
      throw new StoreException.Failed(
          session.address(), publish.operation(), "not all of it arrived", null);
    }
  }

  private void finishReceiving() throws StoreException {
    try (receiver) {
      try {
        // What is on its way must arrive, and closing a file on a network mount writes all of it.
        receiver.allow(session.patience().working());
        receiver.input().close();
        SshSession.Reader.NOTHING.read(receiver.output());
      } catch (IOException e) {
        throw session.broken(receive, receiver, e);
      }
      int exitCode = session.end(receive, receiver);
      if (exitCode != 0) {
        throw session.failure(receive, exitCode, receiver);
      }
    }
  }

  @Override
  protected void discard() throws StoreException {
    receiver.close();
    session.run(
        ScriptCall.of("discard " + name, RemoteScript.DISCARD, draft), SshSession.Reader.NOTHING);
  }
}
