/* The search of a bundle opened from a folder, and of one served by a plain file server. The same rule as
   webapp/bundle/search.py, which states it; served by the public site, the page comes with its hits and this rests. */
(function () {
  "use strict";

  var QUERY_LIMIT = 64;
  var HIT_LIMIT = 100;
  var TIERS = 5;
  var PARTS = /[\t\n\u000b\f\r\u001c-\u001f \u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\u0000,;?!\u3002\u3001\u201c\u201d\u2018\u2019\u300a\u300b\u3008\u3009\u300c\u300d\u300e\u300f]+/;
  var ENDS = /^[\s\u001c-\u001f\u0085]+|[\s\u001c-\u001f\u0085]+$/g;

  function normalise(text) {
    var folded = Array.from(text.normalize("NFKC"), function (sign) {
      return sign.toUpperCase().toLowerCase();
    });
    return folded.join("").normalize("NFKC");
  }

  function unique(words) {
    return Array.from(new Set(words));
  }

  function termsOf(query) {
    var cut = Array.from(query.replace(ENDS, "")).slice(0, QUERY_LIMIT).join("");
    return unique(normalise(cut).split(PARTS).filter(Boolean));
  }

  function tierOf(record, term) {
    if (record.name.startsWith(term)) return 0;
    if (record.name.includes(term)) return 1;
    if (record.topics.includes(term)) return 2;
    if (record.basis.includes(term)) return 3;
    return record.text.includes(term) ? 4 : TIERS;
  }

  function find(records, terms) {
    var tiers = Array.from({ length: TIERS + 1 }, function () { return []; });
    records.forEach(function (record) {
      var tier = 0;
      for (var i = 0; i < terms.length && tier < TIERS; i += 1) tier = Math.max(tier, tierOf(record, terms[i]));
      tiers[tier].push(record);
    });
    var hits = [].concat.apply([], tiers.slice(0, TIERS));
    return { records: hits.slice(0, HIT_LIMIT), words: [], more: hits.length > HIT_LIMIT };
  }

  function wordsWithin(term, known) {
    var found = [];
    var at = 0;
    while (at < term.length) {
      var best = "";
      known.forEach(function (word) {
        if (word.length > best.length && term.startsWith(word, at)) best = word;
      });
      if (best) found.push(best);
      at += best.length || String.fromCodePoint(term.codePointAt(at)).length;
    }
    return unique(found);
  }

  function search(data, query) {
    var terms = termsOf(query);
    var nothing = { records: [], words: [], more: false };
    if (!terms.length) return nothing;
    var hits = find(data.records, terms);
    if (hits.records.length) return hits;
    var within = terms.map(function (term) { return wordsWithin(term, data.known); });
    var words = unique([].concat.apply([], within.map(function (found, i) { return found.length ? found : [terms[i]]; })));
    if (words.length !== terms.length || words.some(function (word, i) { return word !== terms[i]; })) {
      hits = find(data.records, words);
      if (hits.records.length) return { records: hits.records, words: words, more: hits.more };
    }
    var single = unique([].concat.apply([], within));
    var sized = single.map(function (word) { return { word: word, size: Array.from(word).length }; });
    sized.sort(function (a, b) { return b.size - a.size; });
    for (var i = 0; i < sized.length; i += 1) {
      hits = find(data.records, [sized[i].word]);
      if (hits.records.length) return { records: hits.records, words: [sized[i].word], more: hits.more };
    }
    return nothing;
  }

  function nuisancesFor(data, query) {
    var terms = termsOf(query);
    if (!terms.length) return [];
    return data.nuisances.filter(function (row) {
      return terms.every(function (term) { return row.text.includes(term); }) ||
        row.known.some(function (word) { return terms.some(function (term) { return term.includes(word); }); });
    });
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function link(code, text) {
    var made = element("a", "", text);
    made.href = "../powers/" + encodeURIComponent(code) + "/index.html";
    return made;
  }

  function nuisanceList(rows) {
    var box = element("section", "competent");
    box.append(element("h2", "", "谁来管"));
    rows.forEach(function (row) {
      var line = element("div", "competent-row");
      line.append(element("p", "topic", row.topic));
      line.append(element("p", "body", row.body));
      if (row.note) line.append(element("p", "small", row.note));
      box.append(line);
    });
    return box;
  }

  function hitList(hits) {
    var list = element("ol", "hits");
    hits.records.forEach(function (record) {
      var item = element("li");
      item.append(link(record.code, record.title), element("span", "code", record.code), element("span", "note", record.note));
      list.append(item);
    });
    return list;
  }

  function tally(hits) {
    if (hits.more) return "找到的职权超过 " + HIT_LIMIT + " 项，先列前 " + HIT_LIMIT + " 项；请再加一个词。";
    return "找到 " + hits.records.length + " 项职权。";
  }

  function show(target, data, query) {
    var hits = search(data, query);
    var rows = nuisancesFor(data, query);
    target.replaceChildren();
    if (!termsOf(query).length) {
      target.append(element("p", "prompt", "请在上面输入要找的事。"));
      return;
    }
    if (rows.length) target.append(nuisanceList(rows));
    var box = element("section", "found");
    box.append(element("h2", "", "职权"));
    if (hits.records.length) {
      if (hits.words.length) box.append(element("p", "reworded", "没有职权与原话完全相符，按“" + hits.words.join("”“") + "”查找。"));
      box.append(element("p", "tally", tally(hits)), hitList(hits));
    } else {
      box.append(element("p", "notice", "没有找到相关职权。可以换个说法，或者只写两三个字；也可以从首页按类别、科室查，或拨打举报咨询电话。"));
    }
    target.append(box);
  }

  function load(raw) {
    return {
      known: raw.known,
      nuisances: raw.nuisances,
      records: raw.records.map(function (row) {
        var record = {};
        raw.fields.forEach(function (name, i) { record[name] = row[i]; });
        return record;
      })
    };
  }

  var data = window.ZHIQUAN_SEARCH ? load(window.ZHIQUAN_SEARCH) : null;
  window.zhiquanSearch = function (query) {
    return search(data, query).records.map(function (record) { return record.code; });
  };

  var target = document.getElementById("results");
  if (!data || !target || target.hasAttribute("data-served")) return;
  var query = new URLSearchParams(window.location.search).get("q") || "";
  document.getElementById("q").value = query;
  show(target, data, query);
}());
