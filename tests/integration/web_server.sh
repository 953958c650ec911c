# SPDX-License-Identifier: Apache-2.0
# An nginx of the test's own on loopback; to be sourced after lib.sh. Serves $work/www, writes its log to $work/access.log.
PATH=$PATH:/usr/sbin:/sbin
need nginx openssl
web_pid=
mkdir www web

# A certificate authority nobody knows, and a server's certificate of it.
make_certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=Test CA" \
    -keyout web/ca.key -out ca.pem 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=test" \
    -keyout web/server.key -out web/server.csr 2>/dev/null
  printf 'subjectAltName=IP:127.0.0.1' >web/extensions
  openssl x509 -req -in web/server.csr -CA ca.pem -CAkey web/ca.key -CAcreateserial -days 2 -extfile web/extensions \
    -out web/server.pem 2>/dev/null
}

# Answers slowly while www/slow is there, and with the faults that the names of the places say.
web_configuration() { # PORT
  cat <<END
daemon off;
worker_processes 1;
pid $work/web/pid;
error_log $work/web/error.log;
$([ "$(id -u)" -ne 0 ] || echo "user root;")
events { worker_connections 64; }
http {
  log_format wire '\$request_method \$request_uri \$status sent=\$body_bytes_sent range=\$http_range if_range=\$http_if_range '
                  'if_none_match=\$http_if_none_match encoding=\$http_accept_encoding agent=\$http_user_agent '
                  'cookie=\$http_cookie port=\$server_port';
  access_log $work/access.log wire;
  client_body_temp_path $work/web/body; proxy_temp_path $work/web/proxy;
  fastcgi_temp_path $work/web/fastcgi; uwsgi_temp_path $work/web/uwsgi; scgi_temp_path $work/web/scgi;
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:$1;
    root $work/www;
    add_header Set-Cookie "tracked=yes";
    if (-f $work/www/slow) { set \$limit_rate 2k; }
    location /error/ { return 500; }
    location /loop/ { return 302 /loop/; }
    location /hops/5/ { return 302 /hops/4/; }
    location /hops/4/ { return 307 /hops/3/; }
    location /hops/3/ { return 308 /hops/2/; }
    location /hops/2/ { return 301 http://\$host:$1/hops/1/; }
    location /hops/1/ { return 303 /saksi.bundle; }
    location /hops/6/ { return 302 /hops/5/; }
    location /to-file/ { return 302 file://$work/www/saksi.bundle; }
    location /to-ftp/ { return 302 ftp://127.0.0.1/saksi.bundle; }
    location /to-password/ { return 302 http://user:secret@127.0.0.1:$1/saksi.bundle; }
    location /page/ { default_type text/html; return 200 "<!DOCTYPE html><html>Please log in</html>"; }
    location /endless/ { alias $work/www/endless/; sub_filter_types *; sub_filter never ever; }
    location /no-tag/ { alias $work/www/; etag off; add_header Last-Modified ""; }
    location /dated/ { alias $work/www/; etag off; }
    location /refused/ { return 403; }
  }
  server {
    listen 127.0.0.1:$(($1 + 1)) ssl;
    ssl_certificate $work/web/server.pem;
    ssl_certificate_key $work/web/server.key;
    root $work/www;
  }
  server {
    listen 127.0.0.1:$(($1 + 2));
    location / { proxy_pass http://\$http_host\$request_uri; }
  }
}
END
}

# Starts the server on three free ports; sets web, web_tls and web_proxy.
start_web() {
  local try port
  make_certificates
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 40000))
    web_configuration "$port" >web/nginx.conf
    nginx -p "$work/web" -c "$work/web/nginx.conf" -e "$work/web/error.log" 2>>web/start.log &
    web_pid=$!
    for _ in $(seq 50); do
      if [ -s web/pid ]; then
        leave+=("kill $web_pid; wait $web_pid")
        web=http://127.0.0.1:$port web_tls=https://127.0.0.1:$((port + 1)) web_proxy=http://127.0.0.1:$((port + 2))
        return
      fi
      kill -0 "$web_pid" 2>/dev/null || break
      sleep 0.1
    done
    kill "$web_pid" 2>/dev/null; wait "$web_pid" 2>/dev/null
  done
  cat web/start.log web/error.log >&2
  skip "nginx could not be started"
}

# expect_logged TEXT: the server's log since the last forget_log has a line like that.
# The server writes it a moment after its last byte.
expect_logged() {
  for _ in $(seq 30); do
    if grep -qE -- "$1" access.log; then pass; return; fi
    sleep 0.1
  done
  fail "not in the log: $1, but: $(cut -c1-300 access.log)"
}
expect_not_logged() { if grep -qE -- "$1" access.log; then fail "in the log: $1"; else pass; fi; }
forget_log() { sleep 0.1; : >access.log; }
