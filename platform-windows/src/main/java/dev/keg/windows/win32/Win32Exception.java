package dev.keg.windows.win32;

/** A failed call into Windows. Drivers catch it and translate it into an error about a volume. */
public final class Win32Exception extends Exception {
  private final String call;
  private final String target;
  private final Cause cause;

  /** An error code and what it means here. */
  record Cause(int code, String words) {}

  /** The target is the object of the call, usually a path. */
  public Win32Exception(String call, String target, int code) {
    this(call, target, new Cause(code, Win32Error.message(code)));
  }

  Win32Exception(String call, String target, Cause cause) {
    super(call + " " + target + ": " + cause.words());
    this.call = call;
    this.target = target;
    this.cause = cause;
  }

  public String call() {
    return call;
  }

  /** A Win32 error code, or an HRESULT where the call gives one. */
  public int code() {
    return cause.code();
  }

  /** The call, its target and the reason, as one sentence. */
  public String what() {
    return call + " " + target + ": " + cause.words();
  }
}
