-- Likes and unlikes one proposal, each request by the next account, first all likes, then all unlikes.
-- BENCH_SESSIONS: cookie values separated by spaces; BENCH_ORIGIN: scheme, host and port; BENCH_PATH: where to post.
local cookies = {}
for value in string.gmatch(os.getenv("BENCH_SESSIONS"), "%S+") do
  cookies[#cookies + 1] = "session=" .. value
end
local origin = os.getenv("BENCH_ORIGIN")
local path = os.getenv("BENCH_PATH")
local turn = 0

function request()
  local who = turn % #cookies + 1
  local on = 1 - math.floor(turn / #cookies) % 2
  turn = turn + 1
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Origin"] = origin,
    ["Cookie"] = cookies[who],
  }, "on=" .. on)
end
