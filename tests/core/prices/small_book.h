// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A book with one of everything, small enough to be read in a test.

#include <core/base/json.h>
#include <core/prices/price_book_json.h>

#include <nlohmann/json.hpp>

namespace signalbox::test {

inline constexpr auto kSmallBook = R"json({
  "schemaVersion": 1, "version": "b1", "asOf": "2026-08-01", "note": "n",
  "sources": [{"id": "s", "name": "Source", "date": "2026-08-01"}],
  "providers": [
    {"id": "maker", "name": "Maker", "otherNames": ["mk"], "hosts": ["api.maker.com"], "idPrefixes": ["maker/"]},
    {"id": "cloud", "name": "Cloud", "hosts": ["api.cloud.com"]}],
  "models": [
    {"provider": "maker", "model": "big", "aliases": ["big-latest"], "datedIds": true, "sources": ["s"],
     "asOf": "2026-07-15", "note": "m", "periods": [
      {"until": "2026-09-01",
       "tokens": {"input": 3000000, "cacheRead": 300000, "cacheWrite": 3750000, "cacheWriteHour": 6000000, "output": 15000000},
       "batch": {"input": 1500000, "output": 7500000},
       "tiers": [
         {"abovePromptTokens": 200000, "tokens": {"input": 6000000, "cacheRead": 600000, "output": 22500000}},
         {"abovePromptTokens": 500000, "tokens": {"input": 9000000, "output": 30000000}}]},
      {"from": "2026-09-01", "tokens": {"input": 4000000, "output": 20000000, "reasoning": 25000000}, "perRequest": 5000000000}]},
    {"provider": "maker", "model": "night", "periods": [
      {"tokens": {"input": 270000, "output": 1100000}, "windows": [
        {"zone": "Asia/Shanghai", "days": ["mon", "tue"], "from": "22:00", "until": "06:00",
         "tokens": {"input": 135000, "output": 550000}}]}]},
    {"provider": "maker", "model": "search", "periods": [
      {"tokens": {"input": 1000000, "output": 1000000}, "perRequest": {"low": 5000000000, "high": 12000000000}}]},
    {"provider": "maker", "model": "free", "periods": [{"tokens": {"input": 0, "output": 0}}]},
    {"provider": "maker", "model": "odd", "periods": [{"tokens": {"input": 1000000, "output": 25000000}}]},
    {"provider": "maker", "model": "odd-but-true", "confirmed": "seen on the page of the maker",
     "periods": [{"tokens": {"input": 1000000, "output": 25000000}}]},
    {"provider": "cloud", "model": "maker.big-v1:0", "regions": ["us"],
     "periods": [{"tokens": {"input": 3300000, "output": 16500000}}]}]})json";

inline PriceBook smallBook()
{
    return *parsePriceBook(kSmallBook);
}

} // namespace signalbox::test
